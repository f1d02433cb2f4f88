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
        for (int i = 0; i < LENGTH; i++) {
            id[i] = ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length()));
        }
        return new String(id);
    }
}
