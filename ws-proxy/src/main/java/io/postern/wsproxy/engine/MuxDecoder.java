package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Takes the output of a process without terminal apart: headers of 8 bytes (type, three zeros, big-endian length), then
 * payload. Passes payload on as it comes and keeps at most a header, whatever length one announces. Pure.
 *
 * <p>An engine that fails after its 101 writes plain words where a header should be; from there on everything is error
 * output.
 */
public final class MuxDecoder {
    /** Who gets the parts, and owns them. */
    @FunctionalInterface
    public interface Sink {
        void part(Output from, ByteBuf bytes);
    }

    private static final int HEADER = 8;
    private static final int STDERR = 2;
    private static final int SYSTEM_ERROR = 3;

    private final byte[] header = new byte[HEADER];
    private int known;
    private long left;
    private Output from = Output.OUT;
    private boolean words;

    /** Takes ownership. */
    public void feed(ByteBuf in, Sink sink) {
        try {
            while (in.isReadable()) {
                if (words) {
                    sink.part(Output.ERR, in.readRetainedSlice(in.readableBytes()));
                } else if (left > 0) {
                    int some = (int) Math.min(left, in.readableBytes());
                    left -= some;
                    sink.part(from, in.readRetainedSlice(some));
                } else {
                    header(in, sink);
                }
            }
        } finally {
            in.release();
        }
    }

    private void header(ByteBuf in, Sink sink) {
        int some = Math.min(HEADER - known, in.readableBytes());
        in.readBytes(header, known, some);
        known += some;
        if (!plausible()) {
            words = true;
            sink.part(Output.ERR, copy());
            known = 0;
        } else if (known == HEADER) {
            known = 0;
            from = header[0] == STDERR || header[0] == SYSTEM_ERROR ? Output.ERR : Output.OUT;
            left = (header[4] & 0xFFL) << 24 | (header[5] & 0xFF) << 16 | (header[6] & 0xFF) << 8 | header[7] & 0xFF;
        }
    }

    private boolean plausible() {
        if (header[0] < 0 || header[0] > SYSTEM_ERROR) {
            return false;
        }
        for (int i = 1; i < Math.min(known, 4); i++) {
            if (header[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private ByteBuf copy() {
        return ByteBufAllocator.DEFAULT.buffer(known).writeBytes(header, 0, known);
    }

    /** Is the stream at a place where it may end? False inside a header or a payload. */
    public boolean isWhole() {
        return known == 0 && left == 0;
    }
}
