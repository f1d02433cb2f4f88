package io.postern.router.model;

import io.postern.router.model.TokenCheck.Valid;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Claims of tokens whose signature was verified, by digest of the token; forgets the least used. Thread-safe. */
final class TokenCache {
    private static final int MOST = 20_000;

    private final Map<String, Object> claims = new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
            return size() > MOST;
        }
    };
    private int generation;

    @SuppressWarnings("unchecked") // one cache holds claims of one kind
    <T> TokenCheck<T> get(String token, Supplier<TokenCheck<T>> verify) {
        String key = digest(token);
        int before;
        synchronized (claims) {
            Object known = claims.get(key);
            if (known != null) {
                return new Valid<>((T) known);
            }
            before = generation;
        }
        TokenCheck<T> check = verify.get();
        if (check instanceof Valid<T>(T valid)) {
            synchronized (claims) {
                if (before == generation) {
                    claims.put(key, valid);
                }
            }
        }
        return check;
    }

    void clear() {
        synchronized (claims) {
            generation++;
            claims.clear();
        }
    }

    private static String digest(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
