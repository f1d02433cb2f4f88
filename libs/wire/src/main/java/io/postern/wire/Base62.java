package io.postern.wire;

import java.math.BigInteger;

/**
 * Random 128-bit ids as the text peers show: the big-endian number in base 62 (0-9A-Za-z), no padding, so at most 22
 * characters; zero is the empty text. Readers take such ids as opaque. Source: fabric sheet 3.2.
 */
public final class Base62 {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(62);

    private Base62() {}

    public static String text(byte[] bigEndian) {
        BigInteger left = new BigInteger(1, bigEndian);
        StringBuilder reversed = new StringBuilder(22);
        while (left.signum() > 0) {
            BigInteger[] parts = left.divideAndRemainder(BASE);
            reversed.append(DIGITS.charAt(parts[1].intValue()));
            left = parts[0];
        }
        return reversed.reverse().toString();
    }
}
