package io.postern.router.model;

import io.postern.router.model.TokenCheck.Refused;
import io.postern.router.model.TokenCheck.Valid;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokens whose signature holds under a key of the model. Says nothing of dates, revocations and identities: those
 * change while a token stays, and its verified claims may be kept. Fabric sheet 7.1.
 */
final class TokenVerifier {
    private static final int MOST_CHARACTERS = 16_384;
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(ConstraintType.PERMIT, "ES256", "ES384", "ES512", "RS256");

    private TokenVerifier() {}

    static TokenCheck<ApiSessionClaims> access(String jwt, Function<String, Optional<PublicKey>> keys) {
        return claims(
                jwt,
                keys,
                "a",
                all -> new ApiSessionClaims(
                        text(all, "z_asid"),
                        text(all, "sub"),
                        text(all, "jti"),
                        instant(all, "iat"),
                        instant(all, "exp"),
                        strings(all.get("z_cfs")),
                        Boolean.TRUE.equals(all.get("z_cae"))));
    }

    static TokenCheck<SessionClaims> session(String jwt, Function<String, Optional<PublicKey>> keys) {
        return claims(
                jwt,
                keys,
                "s",
                all -> new SessionClaims(
                        text(all, "jti"),
                        text(all, "z_asid"),
                        text(all, "z_iid"),
                        text(all, "sub"),
                        switch (text(all, "z_st")) {
                            case "Dial" -> SessionClaims.Type.DIAL;
                            case "Bind" -> SessionClaims.Type.BIND;
                            default -> throw new IllegalArgumentException("session type is neither Dial nor Bind");
                        },
                        instant(all, "iat"),
                        instant(all, "exp")));
    }

    private static <T> TokenCheck<T> claims(
            String jwt,
            Function<String, Optional<PublicKey>> keys,
            String type,
            Function<Map<String, Object>, T> read) {
        if (jwt.length() > MOST_CHARACTERS) {
            return new Refused<>("token is too long");
        }
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(ALGORITHMS);
            signature.setCompactSerialization(jwt);
            String kid = signature.getKeyIdHeaderValue();
            Optional<PublicKey> key = kid == null ? Optional.empty() : keys.apply(kid);
            if (key.isEmpty()) {
                return new Refused<>("token is signed by a key that is not known here");
            }
            signature.setKey(key.get());
            if (!signature.verifySignature()) {
                return new Refused<>("token signature does not hold");
            }
            Map<String, Object> all = JsonUtil.parseJson(signature.getPayload());
            if (!type.equals(all.get("z_t"))) {
                return new Refused<>("token is of another type");
            }
            return new Valid<>(read.apply(all));
        } catch (JoseException e) {
            return new Refused<>("token is malformed");
        } catch (IllegalArgumentException e) {
            return new Refused<>("token claims are incomplete");
        }
    }

    private static String text(Map<String, Object> claims, String name) {
        if (claims.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new IllegalArgumentException(name);
    }

    private static Instant instant(Map<String, Object> claims, String name) {
        if (claims.get(name) instanceof Number seconds) {
            return Instant.ofEpochSecond(seconds.longValue());
        }
        throw new IllegalArgumentException(name);
    }

    private static Set<String> strings(@Nullable Object value) {
        return value instanceof List<?> list
                ? Set.copyOf(list.stream().map(String::valueOf).toList())
                : Set.of();
    }
}
