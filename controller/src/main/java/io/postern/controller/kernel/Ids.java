package io.postern.controller.kernel;

import java.security.SecureRandom;

/** New ids: opaque, safe in URLs, filters and logs. */
public final class Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** 62^12 is above 2^71: among a million ids a collision has odds below one in a thousand million. */
    private static final int LENGTH = 12;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        var id = new char[LENGTH];
        var random = new byte[LENGTH + 4];
        int made = 0;
        while (made < LENGTH) {
            // the source takes a lock and hashes: one call for many characters
            RANDOM.nextBytes(random);
            for (int i = 0; i < random.length && made < LENGTH; i++) {
                int six = random[i] & 63;
                if (six < ALPHABET.length()) {
                    id[made++] = ALPHABET.charAt(six);
                }
            }
        }
        return new String(id);
    }
}
