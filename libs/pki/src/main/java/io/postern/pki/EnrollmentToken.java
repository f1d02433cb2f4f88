package io.postern.pki;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
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
import org.jspecify.annotations.Nullable;

/**
 * Claims of an enrollment JWT (SDK sheet 1.2). Neither {@code iat} nor {@code nbf} is written; {@code exp} is absent
 * for methods {@code ca} and {@code network}.
 *
 * @param issuer {@code https://host:port} of the controller
 * @param subject identity or router id
 * @param method {@code em}: ott, ottca, ca, updb, erott, trott, network
 * @param token {@code jti}: the one-time token
 * @param audience as stock writes it: one empty string for one-time tokens
 * @param controllers {@code ctrls}: control channel addresses such as {@code tls:host:6262}
 */
public record EnrollmentToken(
        String issuer,
        String subject,
        String method,
        String token,
        Optional<Instant> expiresAt,
        List<String> audience,
        List<String> controllers) {
    private static final int MAX_LENGTH = 32 * 1024;
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(ConstraintType.PERMIT, "RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

    public EnrollmentToken {
        audience = List.copyOf(audience);
        controllers = List.copyOf(controllers);
    }

    /** One-time token of an identity or router: audience {@code [""]}. */
    public static EnrollmentToken oneTime(
            String issuer, String subject, String method, String token, Instant expiresAt, List<String> controllers) {
        return new EnrollmentToken(issuer, subject, method, token, Optional.of(expiresAt), List.of(""), controllers);
    }

    /** Signs with the key of the HTTPS leaf that enrollers see at {@link #issuer}; {@code kid} is the leaf's SHA-1. */
    public String sign(PrivateKey key, X509Certificate leaf) {
        var claims = new LinkedHashMap<String, @Nullable Object>();
        claims.put("iss", issuer);
        claims.put("sub", subject);
        claims.put("aud", audience);
        expiresAt.ifPresent(at -> claims.put("exp", at.getEpochSecond()));
        claims.put("jti", token);
        claims.put("em", method);
        claims.put("ctrls", controllers.isEmpty() ? null : controllers);
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(Keys.jwsAlgorithm(key));
        jws.setKeyIdHeaderValue(Certificates.sha1(leaf));
        jws.setHeader("typ", "JWT");
        jws.setPayload(JsonUtil.toJson(claims));
        jws.setKey(key);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new PkiException("enrollment token cannot be signed", e);
        }
    }

    /**
     * Reads the claims without verifying anything: an enroller must first learn the issuer to fetch the key.
     *
     * @throws PkiException when the text is no enrollment token
     */
    public static EnrollmentToken parse(String jwt) {
        return claims(signature(jwt));
    }

    /**
     * Reads the claims after verifying the signature with the public key of the issuer's HTTPS leaf.
     *
     * @throws PkiException when the signature does not hold
     */
    public static EnrollmentToken verify(String jwt, PublicKey key) {
        JsonWebSignature jws = signature(jwt);
        jws.setKey(key);
        try {
            if (!jws.verifySignature()) {
                throw new PkiException("enrollment token is not signed by the controller that answers at its issuer");
            }
        } catch (JoseException e) {
            throw new PkiException("enrollment token cannot be verified with this key", e);
        }
        return claims(jws);
    }

    private static JsonWebSignature signature(String jwt) {
        if (jwt.length() > MAX_LENGTH) {
            throw new PkiException("enrollment token is too long");
        }
        var jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(ALGORITHMS);
        try {
            jws.setCompactSerialization(jwt.strip());
            return jws;
        } catch (JoseException e) {
            throw new PkiException("not a JWT");
        }
    }

    private static EnrollmentToken claims(JsonWebSignature jws) {
        try {
            Map<String, Object> claims = JsonUtil.parseJson(jws.getUnverifiedPayload());
            return new EnrollmentToken(
                    text(claims, "iss"),
                    text(claims, "sub"),
                    text(claims, "em"),
                    text(claims, "jti"),
                    claims.get("exp") instanceof Number exp
                            ? Optional.of(Instant.ofEpochSecond(exp.longValue()))
                            : Optional.empty(),
                    texts(claims.get("aud")),
                    texts(claims.getOrDefault("ctrls", claims.get("ctrl"))));
        } catch (JoseException e) {
            throw new PkiException("enrollment token holds no claims");
        }
    }

    private static String text(Map<String, Object> claims, String name) {
        if (claims.get(name) instanceof String text) {
            return text;
        }
        throw new PkiException("enrollment token has no claim " + name);
    }

    private static List<String> texts(@Nullable Object claim) {
        return switch (claim) {
            case null -> List.of();
            case String one -> List.of(one);
            case List<?> many -> many.stream().map(String::valueOf).toList();
            default -> throw new PkiException("enrollment token has a malformed list claim");
        };
    }
}
