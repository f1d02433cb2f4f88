package io.postern.wsproxy.access;

import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Judges tokens of API Sessions. Algorithms are pinned; the key, and with it the algorithm, is the one that the key id names.
 * Pure.
 *
 * @param issuers one of them issued it
 * @param audience whom it is for
 */
record TokenCheck(Set<String> issuers, String audience) {
    /** Between this clock and the controller's. */
    static final Duration SKEW = Duration.ofSeconds(30);

    static final int LONGEST = 16 * 1024;
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(ConstraintType.PERMIT, "ES256", "ES384", "RS256");

    /** Why a token is worth nothing; words for a log, without the token. */
    static final class Worthless extends Exception {
        private static final long serialVersionUID = 1;

        Worthless(String reason) {
            super(reason, null, false, false);
        }
    }

    /** The id of the key that a token says it is signed with, before anything is believed. */
    static String keyId(String token) throws Worthless {
        if (token.length() > LONGEST) {
            throw new Worthless("it is too long");
        }
        try {
            String kid = signature(token).getKeyIdHeaderValue();
            if (kid == null || kid.isEmpty() || kid.length() > 256) {
                throw new Worthless("it names no key");
            }
            return kid;
        } catch (JoseException e) {
            throw new Worthless("it is no signed token");
        }
    }

    TokenClaims check(String token, JsonWebKey key, Instant now) throws Worthless {
        return claims(verified(token, key), now);
    }

    private static JsonWebSignature signature(String token) throws JoseException {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(ALGORITHMS);
        jws.setCompactSerialization(token);
        return jws;
    }

    private static Map<String, Object> verified(String token, JsonWebKey key) throws Worthless {
        try {
            JsonWebSignature jws = signature(token);
            if (key.getAlgorithm() != null && !key.getAlgorithm().equals(jws.getAlgorithmHeaderValue())) {
                throw new Worthless("its algorithm is not its key's");
            }
            Key verifying = key.getKey();
            jws.setKey(verifying);
            if (!jws.verifySignature()) {
                throw new Worthless("its signature is wrong");
            }
            return JsonUtil.parseJson(jws.getPayload());
        } catch (JoseException e) {
            throw new Worthless("its signature cannot be verified");
        }
    }

    private TokenClaims claims(Map<String, Object> claims, Instant now) throws Worthless {
        require("a".equals(claims.get("z_t")), "it is no token of an API Session");
        require(claims.get("iss") instanceof String issuer && issuers.contains(issuer), "another network issued it");
        Object audiences = claims.get("aud");
        require(
                audience.equals(audiences) || (audiences instanceof List<?> list && list.contains(audience)),
                "it is for another audience");
        Instant end = time(claims, "exp").orElseThrow(() -> new Worthless("it has no end"));
        require(now.isBefore(end.plus(SKEW)), "it has expired");
        for (String start : List.of("nbf", "iat")) {
            Optional<Instant> from = time(claims, start);
            require(from.isEmpty() || !now.plus(SKEW).isBefore(from.get()), "it is not valid yet");
        }
        String apiSession = text(claims, "z_asid");
        String identity = text(claims, "sub");
        require(!apiSession.isEmpty() && !identity.isEmpty(), "it names nobody");
        return new TokenClaims(apiSession, identity, texts(claims, "z_cfs"), end);
    }

    private static void require(boolean holds, String otherwise) throws Worthless {
        if (!holds) {
            throw new Worthless(otherwise);
        }
    }

    private static Optional<Instant> time(Map<String, Object> claims, String name) throws Worthless {
        Object value = claims.get(name);
        if (value == null) {
            return Optional.empty();
        }
        require(value instanceof Number, "its times are none");
        long seconds = ((Number) value).longValue();
        require(seconds >= 0 && seconds < 1L << 40, "its times are none");
        return Optional.of(Instant.ofEpochSecond(seconds));
    }

    private static String text(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : "";
    }

    private static List<String> texts(Map<String, Object> claims, String name) throws Worthless {
        Object value = claims.get(name);
        require(value == null || value instanceof List<?>, "its certificates are none");
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
