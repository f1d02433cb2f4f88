package io.postern.controller.token;

import io.postern.controller.channel.ControllerSelf;
import io.postern.controller.model.Entry;
import io.postern.controller.model.NetworkModel;
import io.postern.pki.Certificates;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Verifies signature, kind and life of tokens against the controller's signing certificates. A token seen before is not
 * verified again: a client sends the same one with each dial. Any thread; a first verification takes some hundred
 * microseconds. Whether a token was revoked is asked separately, on the network loop.
 */
@Singleton
public class SessionTokens {
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final int MOST_KNOWN = 100_000;
    private static final int MOST_CHARACTERS = 8192;
    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512);

    private final ControllerSelf self;
    private final Map<String, SessionClaims> known = new ConcurrentHashMap<>();
    private volatile Map<String, PublicKey> keys = Map.of();

    SessionTokens(ControllerSelf self) {
        this.self = self;
    }

    /** Claims of a valid access token; empty whatever is wrong with it. */
    public Optional<SessionClaims.ApiSession> apiSession(String token) {
        return verified(token)
                .filter(SessionClaims.ApiSession.class::isInstance)
                .map(SessionClaims.ApiSession.class::cast);
    }

    /** Claims of a valid service session; empty whatever is wrong with it. */
    public Optional<SessionClaims.ServiceSession> serviceSession(String token) {
        return verified(token)
                .filter(SessionClaims.ServiceSession.class::isInstance)
                .map(SessionClaims.ServiceSession.class::cast);
    }

    private Optional<SessionClaims> verified(String token) {
        if (token.isEmpty() || token.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        String hash = hash(token);
        SessionClaims claims = known.get(hash);
        if (claims == null) {
            Optional<SessionClaims> read = verify(token);
            if (read.isEmpty()) {
                return read;
            }
            claims = read.get();
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(hash, claims);
        }
        if (claims.expiresAt().plus(LEEWAY).isBefore(Instant.now())) {
            known.remove(hash);
            return Optional.empty();
        }
        return Optional.of(claims);
    }

    private Optional<SessionClaims> verify(String token) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(ALGORITHMS);
            signature.setCompactSerialization(token);
            PublicKey key = key(signature.getKeyIdHeaderValue());
            if (key == null) {
                return Optional.empty();
            }
            signature.setKey(key);
            return signature.verifySignature() ? claims(new JsonObject(signature.getPayload())) : Optional.empty();
        } catch (JoseException | DecodeException | ClassCastException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private @org.jspecify.annotations.Nullable PublicKey key(@org.jspecify.annotations.Nullable String keyId) {
        if (keyId == null) {
            return null;
        }
        PublicKey key = keys.get(keyId);
        if (key == null) {
            Map<String, PublicKey> now = new ConcurrentHashMap<>();
            for (X509Certificate signer : self.signers()) {
                now.put(Certificates.sha1(signer), signer.getPublicKey());
            }
            keys = now;
            key = now.get(keyId);
        }
        return key;
    }

    private static Optional<SessionClaims> claims(JsonObject claims) {
        Instant issued = Instant.ofEpochSecond(claims.getLong("iat", 0L));
        Instant expires = Instant.ofEpochSecond(claims.getLong("exp"));
        String tokenId = claims.getString("jti", "");
        String apiSession = claims.getString("z_asid", "");
        String subject = claims.getString("sub", "");
        return switch (claims.getString("z_t", "")) {
            case "a" -> Optional.of(new SessionClaims.ApiSession(tokenId, apiSession, subject, issued, expires));
            case "s" ->
                Optional.of(new SessionClaims.ServiceSession(
                        tokenId,
                        apiSession,
                        claims.getString("z_iid", ""),
                        subject,
                        claims.getString("z_st", "").equals("Bind"),
                        issued,
                        expires));
            default -> Optional.empty();
        };
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the token itself, its API Session or everything issued to its identity was revoked. On the network loop. */
    public static boolean isRevoked(NetworkModel model, SessionClaims claims) {
        return revokes(model, claims.tokenId(), "JTI", claims)
                || revokes(model, claims.apiSessionId(), "API_SESSION", claims)
                || revokes(model, claims.identityId(), "IDENTITY", claims);
    }

    private static boolean revokes(NetworkModel model, String id, String type, SessionClaims claims) {
        return model.find(Entry.Revocation.class, id)
                .filter(revocation -> revocation.type().equals(type))
                .filter(revocation ->
                        revocation.issuedBefore() == null || claims.issuedAt().isBefore(revocation.issuedBefore()))
                .isPresent();
    }
}
