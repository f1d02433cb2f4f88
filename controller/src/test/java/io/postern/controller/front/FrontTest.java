package io.postern.controller.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.postern.controller.ControllerTest;
import io.postern.controller.pki.Pki;
import io.quarkus.vertx.http.HttpServer;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

@ControllerTest
class FrontTest {
    @Inject
    HttpServer server;

    @Inject
    Handover handover;

    @Inject
    Pki pki;

    @Inject
    @Readiness
    FrontHealth health;

    @Inject
    SmallRyeHealthReporter reporter;

    @Test
    void servesHttpWithAndWithoutAlpn() throws Exception {
        for (String[] protocols : new String[][] {{}, {"http/1.1"}}) {
            try (SSLSocket socket = connect(protocols)) {
                assertThat(socket.getApplicationProtocol()).isEqualTo(protocols.length == 0 ? "" : "http/1.1");
                socket.getOutputStream().write("GET /version HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.")
                        .endsWith("200");
                assertThat(socket.getSession().getPeerCertificates()[0])
                        .isEqualTo(pki.https().certificate());
            }
        }
        try (SSLSocket socket = connect("h2", "http/1.1")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @Test
    void aControllerIsReadyOnceHttpsListens() {
        assertThat(new FrontHealth().call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        await().untilAsserted(() -> assertThat(health.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP));
    }

    /** The pool that requests use, and no other, which a probe would have log in. */
    @Test
    void readinessAsksWhatRequestsNeed() {
        await().untilAsserted(
                        () -> assertThat(reporter.getReadiness().getPayload().getJsonArray("checks"))
                                .extracting(check -> check.asJsonObject().getString("name"))
                                .containsExactlyInAnyOrder(
                                        "https", "Graceful Shutdown", "Reactive PostgreSQL connections health check"));
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsRefusedBeforeItComesAndTheConnectionEnds() throws Exception {
        try (SSLSocket socket = connect()) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("POST /edge/management/v1/identities HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 41943040\r\n\r\n{\"name\":\"")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("REQUEST_ENTITY_TOO_LARGE");
        }
    }

    /** Released C and JVM clients know no later version. */
    @Test
    void speaksTls12() throws Exception {
        try (SSLSocket socket = open()) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void handsControlConnectionsOver() throws Exception {
        var taken = new AtomicReference<Channel>();
        var before = handover.taker().orElseThrow();
        handover.control(taken::set);
        try (SSLSocket socket = connect("ziti-ctrl")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("ziti-ctrl");
            await().atMost(Duration.ofSeconds(60)).until(() -> taken.get() != null);
            Channel channel = taken.get();
            assertThat(channel.pipeline().first()).isInstanceOf(SslHandler.class);
            assertThat(channel.pipeline().names()).hasSize(2); // TLS and the tail
            channel.close();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } finally {
            handover.control(before);
        }
    }

    private SSLSocket connect(String... protocols) throws IOException, GeneralSecurityException {
        SSLSocket socket = open();
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private SSLSocket open() throws IOException, GeneralSecurityException {
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", server.getSecurePort());
        socket.setSoTimeout(10_000);
        return socket;
    }
}
