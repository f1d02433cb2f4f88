package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Takes an HTTP/1.1 body out of its framing: by length, in chunks, or to the end of the stream. Pure; keeps no bytes. */
final class BodyDecoder {
    private static final int LONGEST_LINE = 8 * 1024;

    private enum Part {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        LENGTH,
        TO_END,
        DONE
    }

    private final StringBuilder line = new StringBuilder();
    private Part part;
    private long left;

    BodyDecoder(ResponseHead head, boolean withoutBody) {
        int status = head.status();
        if (withoutBody || status == 204 || status == 304 || status < 200) {
            part = Part.DONE;
        } else if (head.header("transfer-encoding")
                .orElse("")
                .toLowerCase(java.util.Locale.ROOT)
                .endsWith("chunked")) {
            part = Part.SIZE;
        } else if (head.header("content-length").isPresent()) {
            left = length(head.header("content-length").get());
            part = left == 0 ? Part.DONE : Part.LENGTH;
        } else {
            part = Part.TO_END;
        }
    }

    private static long length(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new MalformedAnswer("its content length is no number");
        }
        return Long.parseLong(text);
    }

    boolean isDone() {
        return part == Part.DONE;
    }

    /** Passes slices on, which the consumer owns; bytes behind the body are left. The input stays the caller's. */
    void feed(ByteBuf in, Consumer<ByteBuf> out) {
        while (in.isReadable() && part != Part.DONE) {
            switch (part) {
                case TO_END -> out.accept(in.readRetainedSlice(in.readableBytes()));
                case LENGTH, DATA -> data(in, out);
                case SIZE, DATA_END, TRAILER -> line(in);
                case DONE -> {}
            }
        }
    }

    private void data(ByteBuf in, Consumer<ByteBuf> out) {
        int some = (int) Math.min(left, in.readableBytes());
        left -= some;
        if (left == 0) {
            part = part == Part.LENGTH ? Part.DONE : Part.DATA_END;
        }
        out.accept(in.readRetainedSlice(some));
    }

    private void line(ByteBuf in) {
        while (in.isReadable()) {
            char c = (char) (in.readByte() & 0xFF);
            if (c == '\n') {
                String whole = line.toString().strip();
                line.setLength(0);
                endOfLine(whole);
                return;
            }
            if (line.length() >= LONGEST_LINE) {
                throw new MalformedAnswer("a chunk's line exceeds " + LONGEST_LINE + " bytes");
            }
            line.append(c);
        }
    }

    private void endOfLine(String whole) {
        switch (part) {
            case SIZE -> {
                String digits = whole.split(";", 2)[0].strip();
                if (!digits.matches("[0-9a-fA-F]{1,15}")) {
                    throw new MalformedAnswer("a chunk's size is no number");
                }
                left = Long.parseLong(digits, 16);
                part = left == 0 ? Part.TRAILER : Part.DATA;
            }
            case DATA_END -> {
                if (!whole.isEmpty()) {
                    throw new MalformedAnswer("a chunk is longer than it says");
                }
                part = Part.SIZE;
            }
            default -> {
                if (whole.isEmpty()) {
                    part = Part.DONE;
                }
            }
        }
    }

    /** The stream ended. @throws MalformedAnswer when the body was not whole */
    void ended() {
        if (part != Part.DONE && part != Part.TO_END) {
            throw new MalformedAnswer("it ends inside its body");
        }
        part = Part.DONE;
    }
}
