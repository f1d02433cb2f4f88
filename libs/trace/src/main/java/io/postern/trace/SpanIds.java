package io.postern.trace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Ids of traces and spans. They follow from the Circuit's id, which client, routers and controller all know: no context
 * crosses the wire, and stock peers take part in a trace without knowing. Pure.
 */
public final class SpanIds {
    private SpanIds() {}

    /** 16 bytes in hexadecimal digits. */
    public static String trace(String circuitId) {
        return HexFormat.of().formatHex(digest("postern.circuit", circuitId, ""), 0, 16);
    }

    /** 8 bytes in hexadecimal digits. */
    public static String span(String circuitId, Span.Stage stage) {
        return HexFormat.of().formatHex(digest(stage.name(), circuitId, stage.at()), 0, 8);
    }

    /**
     * Whether a trace is among those that are kept. All processes decide alike.
     *
     * @param ratio 0 for none to 1 for all
     */
    static boolean sampled(String circuitId, double ratio) {
        if (ratio >= 1) {
            return true;
        }
        byte[] id = digest("postern.circuit", circuitId, "");
        long low = java.nio.ByteBuffer.wrap(id, 8, 8).getLong() & Long.MAX_VALUE;
        return low < (long) (ratio * Long.MAX_VALUE);
    }

    private static byte[] digest(String what, String circuitId, String at) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha.digest((what + '\n' + circuitId + '\n' + at).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
