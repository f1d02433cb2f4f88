package io.postern.controller.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.controller.pki.Advertised;
import io.postern.controller.pki.Pki;
import jakarta.inject.Singleton;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Signs and verifies. A signature costs a fifth of a millisecond, its verification twice that, so verified tokens are
 * remembered until they expire; the memory is bounded. Any thread.
 */
@Singleton
public class Tokens {
    private static final int MAX_LENGTH = 16 * 1024;
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(ConstraintType.PERMIT, "ES256", "ES384", "RS256");

    private final Pki pki;
    private final Advertised advertised;
    private final CompactSigner signer = new CompactSigner();
    private final Cache<String, ApiSessionClaims> verified = Caffeine.newBuilder()
            .maximumSize(50_000)
            .expireAfterAccess(Duration.ofMinutes(40))
            .executor(Runnable::run)
            .build();

    Tokens(Pki pki, Advertised advertised) {
        this.pki = pki;
        this.advertised = advertised;
        pki.onReplaced(verified::invalidateAll);
    }

    public String sign(ApiSessionClaims session) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", advertised.url() + "/oidc");
        claims.put("sub", session.identityId());
        claims.put("aud", List.of(session.clientId()));
        claims.put("exp", session.expiresAt().getEpochSecond());
        claims.put("iat", session.issuedAt().getEpochSecond());
        claims.put("nbf", session.issuedAt().getEpochSecond());
        claims.put("auth_time", session.issuedAt().getEpochSecond());
        claims.put("jti", session.tokenId());
        claims.put("amr", List.of(session.method()));
        claims.put("client_id", session.clientId());
        if (session.isOidc()) {
            claims.put("scopes", session.scopes());
            claims.put("z_aid", session.clientId());
        }
        claims.put("z_t", "a");
        claims.put("z_asid", session.apiSessionId());
        claims.put("z_ia", session.isAdmin());
        claims.put("z_cfs", session.certFingerprints());
        claims.put(
                "z_acf",
                session.certFingerprints().isEmpty()
                        ? ""
                        : session.certFingerprints().getFirst());
        claims.put("z_ct", session.configTypes());
        claims.put("z_authid", session.authenticatorId());
        claims.put("z_ra", session.remoteAddress());
        claims.put("z_cae", false);
        String token = sign(claims);
        verified.put(token, session);
        return token;
    }

    public String sign(ServiceClaims session) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", advertised.url());
        claims.put("sub", session.serviceId());
        claims.put("aud", List.of("openziti"));
        claims.put("exp", session.expiresAt().getEpochSecond());
        claims.put("iat", session.issuedAt().getEpochSecond());
        claims.put("jti", session.sessionId());
        claims.put("z_asid", session.apiSessionId());
        claims.put("z_iid", session.identityId());
        claims.put("z_t", "s");
        claims.put("z_st", session.type());
        claims.put("z_leg", session.isLegacy());
        return sign(claims);
    }

    /** The claims of a token of ours that is no API Session's, is forged or expired: empty. */
    public Optional<ApiSessionClaims> apiSession(String token, Instant now) {
        ApiSessionClaims known = verified.getIfPresent(token);
        if (known == null) {
            known = verify(token).flatMap(Tokens::read).orElse(null);
            if (known != null) {
                verified.put(token, known);
            }
        }
        return Optional.ofNullable(known).filter(claims -> now.isBefore(claims.expiresAt()));
    }

    /** The claims of a token of ours whose signature holds, whatever its kind and its dates. */
    public Optional<Map<String, Object>> verify(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        var jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(ALGORITHMS);
        try {
            jws.setCompactSerialization(token);
            Optional<PublicKey> key = key(jws.getKeyIdHeaderValue());
            if (key.isEmpty()) {
                return Optional.empty();
            }
            jws.setKey(key.get());
            return jws.verifySignature() ? Optional.of(JsonUtil.parseJson(jws.getPayload())) : Optional.empty();
        } catch (JoseException e) {
            return Optional.empty();
        }
    }

    private Optional<PublicKey> key(String kid) {
        return pki.jwtKeys().stream()
                .filter(entry -> entry.kid().equals(kid))
                .map(entry -> entry.certificate().getPublicKey())
                .findFirst();
    }

    private static Optional<ApiSessionClaims> read(Map<String, Object> claims) {
        if (!"a".equals(claims.get("z_t"))
                || !(claims.get("sub") instanceof String identityId)
                || !(claims.get("z_asid") instanceof String apiSessionId)
                || !(claims.get("iat") instanceof Number issued)
                || !(claims.get("exp") instanceof Number expires)) {
            return Optional.empty();
        }
        return Optional.of(new ApiSessionClaims(
                text(claims, "jti"),
                apiSessionId,
                identityId,
                Boolean.TRUE.equals(claims.get("z_ia")),
                texts(claims, "z_cfs"),
                texts(claims, "z_ct"),
                text(claims, "z_authid"),
                texts(claims, "amr").stream().findFirst().orElse(""),
                text(claims, "z_ra"),
                text(claims, "client_id"),
                texts(claims, "scopes"),
                Instant.ofEpochSecond(issued.longValue()),
                Instant.ofEpochSecond(expires.longValue())));
    }

    private static String text(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : "";
    }

    private static List<String> texts(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Signs claims of any kind: texts, numbers, truths, and lists and objects of them. */
    public String sign(Map<String, Object> claims) {
        return signer.sign(pki.signingKey(), claims);
    }
}
