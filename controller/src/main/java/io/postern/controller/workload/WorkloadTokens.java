package io.postern.controller.workload;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Reads workload tokens: JWTs that a Kubernetes API server signs for a pod's service account, bound to that pod
 * (claim {@code kubernetes.io}: {@code namespace}, {@code pod.name}, {@code serviceaccount.name}). Blocks.
 */
@Singleton
public class WorkloadTokens {
    private static final Logger LOG = Logger.getLogger(WorkloadTokens.class);
    private static final int LONGEST = 16 * 1024;
    private static final int SKEW_SECONDS = 60;
    private static final AlgorithmConstraints ALGORITHMS =
            new AlgorithmConstraints(ConstraintType.PERMIT, "RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

    private final WorkloadConfig config;
    private final WorkloadKeys keys;

    WorkloadTokens(WorkloadConfig config) {
        this.config = config;
        this.keys = new WorkloadKeys(config);
    }

    boolean isOn() {
        return config.issuer().isPresent()
                && config.keys().isPresent()
                && config.routers().isPresent();
    }

    /**
     * The workload that the token is for.
     *
     * @throws Refusal 401 for everything that is wrong with it; the log says what, and never the token
     */
    Workload verify(String token) {
        if (token.length() > LONGEST) {
            throw refused("it is longer than " + LONGEST + " characters");
        }
        try {
            return workload(consumer().processToClaims(token));
        } catch (InvalidJwtException e) {
            // some of its reasons repeat the token, which is a secret
            throw refused(
                    e.getErrorDetails().isEmpty()
                            ? "it cannot be read"
                            : e.getErrorDetails().toString().replace(token, "(the token)"));
        }
    }

    private JwtConsumer consumer() {
        return new JwtConsumerBuilder()
                .setExpectedIssuer(config.issuer().orElseThrow())
                .setExpectedAudience(config.audience())
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                .setJwsAlgorithmConstraints(ALGORITHMS)
                .setVerificationKeyResolver((signature, above) -> key(signature))
                .build();
    }

    private Key key(JsonWebSignature signature) throws UnresolvableKeyException {
        String id = signature.getKeyIdHeaderValue();
        try {
            var known = keys.with(id == null ? "" : id, Instant.now());
            return new JwksVerificationKeyResolver(known).resolveKey(signature, List.of());
        } catch (IOException e) {
            LOG.warnf("workload.keys.failed %s", e.getMessage());
            throw new UnresolvableKeyException("the issuer's keys cannot be had");
        }
    }

    private static Workload workload(JwtClaims claims) {
        Object kubernetes = claims.getClaimValue("kubernetes.io");
        if (!(kubernetes instanceof Map<?, ?> map)) {
            throw refused("it is no token of a Kubernetes service account");
        }
        String namespace = text(map.get("namespace"));
        String account = name(map.get("serviceaccount"));
        String pod = name(map.get("pod"));
        if (namespace.isEmpty() || account.isEmpty() || pod.isEmpty()) {
            throw refused("it is not bound to a pod");
        }
        return new Workload(namespace, account, pod);
    }

    private static String name(Object of) {
        return of instanceof Map<?, ?> map ? text(map.get("name")) : "";
    }

    private static String text(Object value) {
        return value instanceof String text ? text : "";
    }

    static Refusal refused(String why) {
        LOG.warnf("workload.refused reason=\"%s\"", why);
        return Refusal.of(ErrorCode.INVALID_AUTHENTICATION, "the workload token is not valid");
    }
}
