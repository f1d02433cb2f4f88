package io.postern.wsproxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.wsproxy.access.Access.TicketFor;
import io.postern.wsproxy.controller.ControllerTrouble;
import io.postern.wsproxy.controller.FakeController;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens are made here as the controller makes them, and spoilt in every way. */
class ControllerAccessTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final FakeController controller = new FakeController();
    private final KeyPair keys = Keys.ec256();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final TokenEnds ends = new TokenEnds();
    private final ControllerAccess access = new ControllerAccess(
            controller,
            new TokenCheck(Set.of("https://controller:1280/oidc"), "openziti"),
            ends,
            executor,
            InstantSource.fixed(NOW));

    @BeforeEach
    void make() throws JoseException {
        PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(keys.getPublic());
        key.setKeyId("k1");
        key.setAlgorithm("ES256");
        key.setUse("sig");
        controller.keys = "{\"keys\":[" + key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY) + "]}";
        controller.standing("s1", "i1", "engine", "[{\"actions\":[\"attach\"]}]");
    }

    @AfterEach
    void end() {
        executor.close();
    }

    private static Map<String, Object> claims() {
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", "https://controller:1280/oidc");
        claims.put("sub", "i1");
        claims.put("aud", List.of("openziti"));
        claims.put("exp", NOW.plusSeconds(600).getEpochSecond());
        claims.put("iat", NOW.minusSeconds(60).getEpochSecond());
        claims.put("nbf", NOW.minusSeconds(60).getEpochSecond());
        claims.put("z_t", "a");
        claims.put("z_asid", "s1");
        claims.put("z_cfs", List.of());
        return claims;
    }

    private static String sign(Map<String, Object> claims, KeyPair by, String kid, String algorithm)
            throws JoseException {
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKeyIdHeaderValue(kid);
        jws.setPayload(JsonUtil.toJson(claims));
        jws.setKey(by.getPrivate());
        return jws.getCompactSerialization();
    }

    private String token(String claim, Object value) throws JoseException {
        Map<String, Object> claims = claims();
        if (value.equals("")) {
            claims.remove(claim);
        } else {
            claims.put(claim, value);
        }
        return sign(claims, keys, "k1", "ES256");
    }

    private static <T> T get(CompletionStage<T> stage) throws Throwable {
        try {
            return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    @Test
    void anApiSessionThatWasEndedHereIsNotBelievedForAnotherMoment() throws Throwable {
        String token = token("z_asid", "s1");
        Subject subject = get(access.authenticate(token, List.of()));
        controller.standings.remove("s1");
        get(access.authenticate(token, List.of())); // as it was heard a moment ago
        access.ended(subject);
        refused(token, 401);
    }

    private void refused(String token, int status) {
        assertThatThrownBy(() -> get(access.authenticate(token, List.of())))
                .isInstanceOfSatisfying(
                        AccessRefused.class,
                        refused -> assertThat(refused.status()).isEqualTo(status))
                .satisfies(refused -> assertThat(
                                !token.isEmpty() && refused.getMessage().contains(token))
                        .isFalse());
    }

    @Test
    void aTokenThatHoldsGivesItsSubject() throws Throwable {
        Subject subject = get(access.authenticate(token("x", "y"), List.of()));
        assertThat(subject).isEqualTo(new Subject("i1", "i1-name", "s1", false, NOW.plusSeconds(600)));
        assertThat(get(access.rights(subject)).hosts()).hasSize(1);
        // one look-up served both
        assertThat(controller.asked).hasValue(1);
        assertThat(controller.uses).containsExactly(false);
        // within the skew
        get(access.authenticate(token("exp", NOW.minusSeconds(29).getEpochSecond()), List.of()));
        get(access.authenticate(token("nbf", NOW.plusSeconds(29).getEpochSecond()), List.of()));
        get(access.authenticate(token("aud", "openziti"), List.of()));
    }

    @Test
    void everyOtherTokenIsRefused() throws JoseException {
        refused(token("exp", NOW.minusSeconds(31).getEpochSecond()), 401);
        refused(token("exp", ""), 401);
        refused(token("exp", "soon"), 401);
        refused(token("nbf", NOW.plusSeconds(31).getEpochSecond()), 401);
        refused(token("iat", NOW.plusSeconds(31).getEpochSecond()), 401);
        refused(token("iss", "https://other:1280/oidc"), 401);
        refused(token("iss", ""), 401);
        refused(token("aud", List.of("other")), 401);
        refused(token("aud", ""), 401);
        refused(token("z_t", "s"), 401);
        refused(token("z_asid", ""), 401);
        refused(token("z_asid", "s2"), 401);
        refused(token("sub", "i2"), 401);
        refused(token("sub", ""), 401);
        refused(token("z_cfs", "x"), 401);
        String good = token("x", "y");
        refused(good.substring(0, good.length() - 4) + "AAAA", 401);
        refused(good.substring(0, good.lastIndexOf('.') + 1), 401);
        refused("x" + good, 401);
        refused("", 401);
        refused("a.b.c", 401);
        refused("a".repeat(20_000), 401);
        refused(sign(claims(), Keys.ec256(), "k1", "ES256"), 401);
        refused(sign(claims(), keys, "k2", "ES256"), 401);
        refused(unsigned(), 401);
    }

    /** The trick of old: a token that says it is not signed. */
    private static String unsigned() {
        var encoder = java.util.Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(
                        "{\"alg\":\"none\",\"kid\":\"k1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "."
                + encoder.encodeToString(JsonUtil.toJson(claims()).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + ".";
    }

    @Test
    void aPublicKeyIsNoSecret() throws JoseException {
        var jws = new JsonWebSignature();
        jws.setDoKeyValidation(false);
        jws.setAlgorithmHeaderValue("HS256");
        jws.setKeyIdHeaderValue("k1");
        jws.setPayload(JsonUtil.toJson(claims()));
        jws.setKey(new org.jose4j.keys.HmacKey(keys.getPublic().getEncoded()));
        refused(jws.getCompactSerialization(), 401);
    }

    @Test
    void aBoundTokenNeedsItsCertificate() throws Throwable {
        KeyPair mine = Keys.ec256();
        X509Certificate certificate = Authority.root(mine, "me", NOW).chain().getFirst();
        X509Certificate other =
                Authority.root(Keys.ec256(), "other", NOW).chain().getFirst();
        String token = token("z_cfs", List.of(Certificates.sha1(certificate)));
        refused(token, 401);
        assertThatThrownBy(() -> get(access.authenticate(token, List.of(other, certificate))))
                .isInstanceOf(AccessRefused.class);
        assertThat(get(access.authenticate(token, List.of(certificate))).identityId())
                .isEqualTo("i1");
    }

    @Test
    void unknownKeysAreAskedForSeldom() throws JoseException {
        for (int i = 0; i < 50; i++) {
            refused(sign(claims(), keys, "made-up-" + i, "ES256"), 401);
        }
        // once to begin, and once more at most in the few seconds that this takes
        assertThat(controller.keysAsked.get()).isLessThan(10);
    }

    @Test
    void aNewKeyIsFound() throws Throwable {
        get(access.authenticate(token("x", "y"), List.of()));
        assertThat(controller.keysAsked).hasValue(1);
    }

    @Test
    void nobodyIsLetInWhileTheControllerIsAway() throws Throwable {
        Subject subject = get(access.authenticate(token("x", "y"), List.of()));
        access.changed(Set.of());
        controller.trouble = ControllerTrouble.Kind.AWAY;
        refused(token("x", "y"), 503);
        assertThatThrownBy(() -> get(access.rights(subject)))
                .isInstanceOfSatisfying(
                        AccessRefused.class,
                        refused -> assertThat(refused.status()).isEqualTo(503));
        controller.trouble = ControllerTrouble.Kind.FORBIDDEN;
        refused(token("x", "y"), 503);
        controller.trouble = null;
        controller.standings.clear();
        refused(token("x", "y"), 401);
    }

    @Test
    void aChangeIsSeenAtOnceByWhoAsksAfterIt() throws Throwable {
        Subject subject = get(access.authenticate(token("x", "y"), List.of()));
        controller.standing("s1", "i1", "engine", "[]");
        access.changed(Set.of("i2"));
        assertThat(get(access.rights(subject)).hosts()).hasSize(1);
        access.changed(Set.of("i1"));
        assertThat(get(access.rights(subject)).hosts()).isEmpty();
        controller.standings.clear();
        access.changed(Set.of("s1"));
        assertThatThrownBy(() -> get(access.rights(subject))).isInstanceOf(AccessRefused.class);
    }

    @Test
    void ticketsKeepTheSubjectAndThePurpose() throws Throwable {
        Subject subject = get(access.authenticate(token("x", "y"), List.of()));
        String ticket = get(access.ticket(subject, new TicketFor("{\"a\":1}")));
        var redeemed = get(access.redeem(ticket));
        assertThat(redeemed.subject()).isEqualTo(subject);
        assertThat(redeemed.what()).isEqualTo(new TicketFor("{\"a\":1}"));
        assertThatThrownBy(() -> get(access.redeem(ticket))).isInstanceOf(AccessRefused.class);
    }

    @Test
    void aFreshTokenMovesTheEnd() throws Throwable {
        Subject first = get(access.authenticate(token("x", "y"), List.of()));
        assertThat(ends.of(first)).isEqualTo(NOW.plusSeconds(600));
        get(access.authenticate(token("exp", NOW.plusSeconds(900).getEpochSecond()), List.of()));
        assertThat(ends.of(first)).isEqualTo(NOW.plusSeconds(900));
        get(access.authenticate(token("exp", NOW.plusSeconds(60).getEpochSecond()), List.of()));
        assertThat(ends.of(first)).isEqualTo(NOW.plusSeconds(900));
    }
}
