package io.postern.bench;

import java.nio.ByteBuffer;

/**
 * How much of an engine's stream is payload: without a terminal, headers of 8 bytes (type, three zeros, big-endian length) stand
 * between it; with one, all is.
 */
final class StdcopyCount {
    private static final int HEADER = 8;

    private final boolean tty;
    /** Of a header, how much has come, and its last four bytes so far. */
    private int known;

    private int length;
    /** Of a payload. */
    private int left;

    StdcopyCount(boolean tty) {
        this.tty = tty;
    }

    /** Takes all of the bytes. @return how many of them are payload */
    int payload(ByteBuffer bytes) {
        if (tty) {
            return skip(bytes, bytes.remaining());
        }
        int sum = 0;
        while (bytes.hasRemaining()) {
            if (left > 0) {
                int some = skip(bytes, Math.min(left, bytes.remaining()));
                left -= some;
                sum += some;
            } else {
                length = length << 8 | bytes.get() & 0xFF; // what is before the length is shifted out
                if (++known == HEADER) {
                    known = 0;
                    left = length;
                }
            }
        }
        return sum;
    }

    private static int skip(ByteBuffer bytes, int some) {
        bytes.position(bytes.position() + some);
        return some;
    }
}
