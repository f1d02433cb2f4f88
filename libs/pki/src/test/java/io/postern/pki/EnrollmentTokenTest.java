package io.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EnrollmentTokenTest {
    private static final Instant NOW = Instant.parse("2026-10-01T12:00:00Z");
    private static final KeyPair RSA = Keys.rsa(2048);

    @TestFactory
    Stream<DynamicTest> readsStockTokens() throws IOException {
        return vectors()
                .filter(vector -> vector.get("kind").toString().startsWith("enrollment"))
                .map(vector -> DynamicTest.dynamicTest(vector.get("kind") + " " + vector.get("foundIn"), () -> {
                    var token = EnrollmentToken.parse(vector.get("jwt").toString());
                    var claims = (Map<?, ?>) vector.get("claims");
                    assertThat(token.issuer()).isEqualTo(claims.get("iss"));
                    assertThat(token.subject()).isEqualTo(claims.get("sub"));
                    assertThat(token.method()).isEqualTo(claims.get("em"));
                    assertThat(token.token()).isEqualTo(claims.get("jti"));
                    assertThat(token.audience()).isEqualTo(claims.get("aud"));
                    assertThat(token.expiresAt().map(Instant::getEpochSecond).orElse(null))
                            .isEqualTo(claims.get("exp"));
                    assertThat(token.controllers())
                            .isEqualTo(claims.get("ctrls") == null ? List.of() : claims.get("ctrls"));
                }));
    }

    @Test
    void writesTheHeaderAndClaimsOfStock() throws JoseException {
        for (var keys : List.of(RSA, Keys.ec256(), Keys.ec384())) {
            var leaf = Authority.root(keys, "leaf", NOW).certificate();
            var token = EnrollmentToken.oneTime(
                    "https://localhost:1", "id1", "ott", "jti1", NOW.plusSeconds(60), List.of("tls:localhost:1"));
            String jwt = token.sign(keys.getPrivate(), leaf);

            assertThat(EnrollmentToken.verify(jwt, keys.getPublic())).isEqualTo(token);
            var jws = (JsonWebSignature) JsonWebSignature.fromCompactSerialization(jwt);
            assertThat(jws.getHeaders().getFullHeaderAsJsonString())
                    .isEqualTo("{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"JWT\"}"
                            .formatted(Keys.jwsAlgorithm(keys.getPublic()), Certificates.sha1(leaf)));
            assertThat(JsonUtil.parseJson(jws.getUnverifiedPayload()).keySet())
                    .containsExactly("iss", "sub", "aud", "exp", "jti", "em", "ctrls");
        }
    }

    @Test
    void refusesAnotherSigner() {
        var leaf = Authority.root(RSA, "leaf", NOW).certificate();
        String jwt = EnrollmentToken.oneTime("https://h:1", "i", "ott", "j", NOW.plus(Duration.ofHours(1)), List.of())
                .sign(RSA.getPrivate(), leaf);
        assertThatThrownBy(() -> EnrollmentToken.verify(jwt, Keys.rsa(2048).getPublic()))
                .isInstanceOf(PkiException.class);
        assertThatThrownBy(() -> EnrollmentToken.verify(jwt, Keys.ec256().getPublic()))
                .isInstanceOf(PkiException.class);
    }

    @Test
    void refusesWhatIsNoToken() {
        for (String text : List.of("", "abc", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(100_000))) {
            assertThatThrownBy(() -> EnrollmentToken.parse(text)).isInstanceOf(PkiException.class);
        }
    }

    static Stream<Map<String, Object>> vectors() throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(EnrollmentTokenTest.class.getResourceAsStream("/jwts.jsonl")),
                StandardCharsets.UTF_8))) {
            return reader.lines().map(EnrollmentTokenTest::json).toList().stream();
        }
    }

    private static Map<String, Object> json(String line) {
        try {
            return JsonUtil.parseJson(line);
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }
}
