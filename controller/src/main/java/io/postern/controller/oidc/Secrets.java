package io.postern.controller.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** Random words and hashes, all base64url without padding: some clients copy a code as it stands (SDK sheet 0, row 14). */
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private Secrets() {}

    /** 256 random bits. */
    static String next() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return TEXT.encodeToString(bytes);
    }

    static String sha256(String text) {
        return TEXT.encodeToString(digest(text));
    }

    /** Left half of the hash, as an id token names the token it came with (OpenID Connect Core 3.1.3.6). */
    static String halfHash(String text) {
        byte[] whole = digest(text);
        return TEXT.encodeToString(Arrays.copyOf(whole, whole.length / 2));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
