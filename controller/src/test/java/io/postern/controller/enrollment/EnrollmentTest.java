package io.postern.controller.enrollment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.controller.ControllerTest;
import io.postern.controller.pki.Pki;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.pki.TrustBundle;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ControllerTest
class EnrollmentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Network network;

    @Inject
    Pki pki;

    @AfterEach
    void clean() {
        network.clean();
    }

    @Test
    void trustBundleIsServedAtEveryPrefix() {
        var http = Http.anonymous(network.port());
        for (String prefix : List.of("", "/edge/client/v1", "/edge/management/v1")) {
            var answer = http.get(prefix + "/.well-known/est/cacerts", "Accept", "application/pkcs7-mime");
            assertThat(answer.header("content-type")).isEqualTo("application/pkcs7-mime");
            assertThat(answer.header("content-transfer-encoding")).isEqualTo("base64");
            assertThat(TrustBundle.parse(answer.response().body()))
                    .containsExactlyInAnyOrderElementsOf(pki.trustBundle());
        }
    }

    @Test
    void tokenIsSignedByTheLeafAndWorksOnce() throws Exception {
        String id = network.identity();
        String jwt = network.enrollment("ott", id, Duration.ofMinutes(5));
        var token = EnrollmentToken.verify(jwt, pki.https().certificate().getPublicKey());
        assertThat(token.issuer()).isEqualTo("https://localhost:" + network.port());
        assertThat(token.controllers()).containsExactly("tls:localhost:" + network.port());

        var http = Http.anonymous(network.port());
        String path = "/edge/client/v1/enroll?method=ott&token=" + token.token();
        assertThat(http.post(path, "garbage", "Content-Type", "application/x-pem-file")
                        .errorCode())
                .isEqualTo("COULD_NOT_PROCESS_CSR");
        String csr = Csr.create(Keys.ec384(), id, List.of(new San.Dns("evil.example")));
        var answer = http.post(path, csr, "Content-Type", "application/x-pem-file");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.data().has("ca")).isFalse();
        assertThat(answer.data().path("controllers")).hasSize(1);
        var chain = Certificates.parse(answer.data().path("cert").asText());
        assertThat(chain).hasSize(2);
        assertThat(Certificates.uris(chain.getFirst())).containsExactly("spiffe://postern/identity/" + id);
        assertThat(chain.getFirst().getSubjectAlternativeNames()).hasSize(1);

        var again = http.post(path, csr, "Content-Type", "application/x-pem-file");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.errorCode()).isEqualTo("INVALID_ENROLLMENT_TOKEN");
    }

    @Test
    void oneOfManyAtTheSameTimeWins() throws Exception {
        String id = network.identity();
        var token = EnrollmentToken.parse(network.enrollment("ott", id, Duration.ofMinutes(5)));
        String csr = Csr.create(Keys.ec256(), id, List.of());
        var http = Http.anonymous(network.port());
        Callable<Integer> attempt = () -> http.post("/enroll?token=" + token.token(), csr, "Content-Type", "text/plain")
                .status();
        try (var threads = Executors.newFixedThreadPool(6)) {
            var statuses = threads.invokeAll(java.util.Collections.nCopies(6, attempt)).stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(statuses).containsOnlyOnce(200).contains(400);
        }
    }

    @Test
    void expiredAndWrongTokensAreRefused() {
        var http = Http.anonymous(network.port());
        String id = network.identity();
        var old = EnrollmentToken.parse(network.enrollment("ott", id, Duration.ofSeconds(-1)));
        String csr = Csr.create(Keys.ec256(), id, List.of());
        assertThat(http.post("/enroll?token=" + old.token(), csr, "Content-Type", "text/plain")
                        .errorCode())
                .isEqualTo("ENROLLMENT_EXPIRED");
        assertThat(http.post("/enroll?token=nosuch", csr, "Content-Type", "text/plain")
                        .errorCode())
                .isEqualTo("INVALID_ENROLLMENT_TOKEN");
        assertThat(http.post("/enroll", csr, "Content-Type", "text/plain").errorCode())
                .isEqualTo("INVALID_ENROLLMENT_TOKEN");
        assertThat(http.post("/enroll?method=nope&token=x", csr, "Content-Type", "text/plain")
                        .errorCode())
                .isEqualTo("INVALID_ENROLL_METHOD");
    }

    @Test
    void routersGetBothCertificates() throws Exception {
        var http = Http.anonymous(network.port());
        String id = network.router();
        var token = EnrollmentToken.parse(network.enrollment("erott", id, Duration.ofMinutes(5)));
        assertThat(token.method()).isEqualTo("erott");
        String path = "/edge/client/v1/enroll?method=erott&token=" + token.token();
        String server = Csr.create(Keys.ec256(), id, List.of(new San.Dns("r.example"), new San.Ip("127.0.0.1")));
        String client = Csr.create(Keys.ec256(), id, List.of());
        assertThat(http.post(path, router(Csr.create(Keys.ec256(), "wrong", List.of()), server))
                        .errorCode())
                .isEqualTo("COULD_NOT_PROCESS_CSR");
        assertThat(http.post(path, JSON.writeValueAsString(Map.of("certCsr", client)))
                        .errorCode())
                .isEqualTo("MISSING_OR_INVALID_CSR");
        var answer = http.post(path, router(client, server));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(Certificates.parse(answer.data().path("ca").asText())).isEqualTo(pki.trustBundle());
        var serving =
                Certificates.parse(answer.data().path("serverCert").asText()).getFirst();
        assertThat(serving.getSubjectAlternativeNames()).hasSize(2);
        assertThat(http.post(path, router(client, server)).errorCode()).isEqualTo("INVALID_ENROLLMENT_TOKEN");
    }

    private static String router(String client, String server) throws Exception {
        return JSON.writeValueAsString(Map.of("certCsr", client, "serverCertCsr", server));
    }
}
