package io.postern.pki;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** PEM armour with 64 columns and LF line ends. */
final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    static String armour(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + lines(der) + "-----END " + label + "-----\n";
    }

    /** Base64 in lines of 64 columns, each ended by LF. */
    static String lines(byte[] der) {
        return new String(LINES.encode(der), StandardCharsets.US_ASCII) + "\n";
    }
}
