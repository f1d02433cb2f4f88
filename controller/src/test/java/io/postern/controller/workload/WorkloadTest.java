package io.postern.controller.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.PostgresResource;
import io.postern.controller.testing.Admin;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.pki.Csr;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.Keys;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ControllerTest
class WorkloadTest {
    private static final KeyPair CLUSTER = Keys.rsa(2048);
    private static final String KEY_ID = "cluster-key";

    @Inject
    Network network;

    private final String pod = "router-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void publishKeys() throws Exception {
        PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(CLUSTER.getPublic());
        key.setKeyId(KEY_ID);
        Files.writeString(PostgresResource.WORKLOAD_KEYS, new JsonWebKeySet(key).toJson());
    }

    @AfterEach
    void clean() {
        network.sql("delete from edge_router where name = ?", pod);
        network.clean();
    }

    private Map<String, Object> bound(String account) {
        return Map.of("namespace", "postern", "serviceaccount", Map.of("name", account), "pod", Map.of("name", pod));
    }

    private String token(Consumer<JwtClaims> change, KeyPair keys) {
        try {
            var claims = new JwtClaims();
            claims.setIssuer("https://cluster.test");
            claims.setAudience("postern");
            claims.setExpirationTimeMinutesInTheFuture(10);
            claims.setIssuedAtToNow();
            claims.setClaim("kubernetes.io", bound("postern-router"));
            change.accept(claims);
            var jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("RS256");
            jws.setKeyIdHeaderValue(KEY_ID);
            jws.setKey(keys.getPrivate());
            jws.setPayload(claims.toJson());
            return jws.getCompactSerialization();
        } catch (org.jose4j.lang.JoseException e) {
            throw new AssertionError(e);
        }
    }

    private Http.Answer exchange(String token) {
        return Http.anonymous(network.port()).post("/edge/client/v1/enroll/workload", "{\"token\":\"" + token + "\"}");
    }

    private String enroll(String jwt) {
        EnrollmentToken token = EnrollmentToken.parse(jwt);
        String csr = Csr.create(Keys.ec256(), token.subject(), List.of()).replace("\n", "\\n");
        var answer = Http.anonymous(network.port())
                .post(
                        "/enroll?method=erott&token=" + token.token(),
                        "{\"certCsr\":\"" + csr + "\",\"serverCertCsr\":\"" + csr + "\"}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return token.subject();
    }

    @Test
    void podBecomesARouterOfItsNameAndComesBackAsTheSame() {
        var first = exchange(token(claims -> {}, CLUSTER));
        assertThat(first.status()).as(first.response().body()).isEqualTo(200);
        String id = enroll(first.data().path("jwt").asText());
        Admin.admin()
                .get("edge-routers/" + id)
                .then()
                .statusCode(200)
                .body("data.name", org.hamcrest.Matchers.equalTo(pod))
                .body("data.isVerified", org.hamcrest.Matchers.equalTo(true))
                .body("data.roleAttributes", org.hamcrest.Matchers.contains("cluster"));

        var second = exchange(token(claims -> {}, CLUSTER));
        assertThat(second.status()).isEqualTo(200);
        Admin.admin().get("edge-routers/" + id).then().body("data.isVerified", org.hamcrest.Matchers.equalTo(false));
        assertThat(enroll(second.data().path("jwt").asText())).isEqualTo(id);
    }

    /** What makes a token worth nothing. */
    enum Fault {
        OTHER_KEY(claims -> {}),
        OTHER_ISSUER(claims -> claims.setIssuer("https://elsewhere.test")),
        OTHER_AUDIENCE(claims -> claims.setAudience("https://cluster.test")),
        EXPIRED(claims -> claims.setExpirationTimeMinutesInTheFuture(-5)),
        NEVER_EXPIRING(claims -> claims.unsetClaim("exp")),
        NOT_BOUND_TO_A_POD(claims -> claims.setClaim(
                "kubernetes.io", Map.of("namespace", "postern", "serviceaccount", Map.of("name", "postern-router")))),
        NO_KUBERNETES(claims -> claims.unsetClaim("kubernetes.io")),
        OTHER_ACCOUNT(claims -> claims.setClaim(
                "kubernetes.io",
                Map.of(
                        "namespace",
                        "postern",
                        "serviceaccount",
                        Map.of("name", "default"),
                        "pod",
                        Map.of("name", "x"))));

        private final Consumer<JwtClaims> change;

        Fault(Consumer<JwtClaims> change) {
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aTokenThatIsNotRightGivesNothing(Fault fault) {
        KeyPair keys = fault == Fault.OTHER_KEY ? Keys.rsa(2048) : CLUSTER;
        var answer = exchange(token(fault.change, keys));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errorCode()).isEqualTo("INVALID_AUTHENTICATION");
        assertThat(network.count("select count(*) from edge_router where name = ?", pod))
                .isZero();
    }

    @Test
    void unsignedTokensAreRefused() {
        String payload = token(claims -> {}, CLUSTER).split("\\.")[1];
        String header = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(exchange(header + "." + payload + ".").status()).isEqualTo(401);
    }

    @Test
    void aBodyWithoutATokenNamesTheField() {
        var answer = Http.anonymous(network.port()).post("/edge/client/v1/enroll/workload", "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.response().body()).contains("token");
    }
}
