package io.postern.controller.circuit;

import io.postern.wire.Base62;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Ids of circuits and of the addresses at their ends: 128 random bits as text. */
final class CircuitIds {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LONGEST = 64;

    private CircuitIds() {}

    static String next() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        // never all zero, which would be an empty text
        return Base62.text(ByteBuffer.wrap(bits).put(0, (byte) (bits[0] | 1)).array());
    }

    /** Whether a router may propose this. */
    static boolean isPlausible(String id) {
        return !id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(CircuitIds::isPlain);
    }

    private static boolean isPlain(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_';
    }
}
