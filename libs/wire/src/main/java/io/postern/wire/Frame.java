package io.postern.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One frame of wire version 2, as received: a view on one buffer. Nothing is copied or decoded until somebody asks.
 *
 * <pre>
 *  offset  size
 *       0     4  magic 03 06 09 0C
 *       4     4  content type, i32   all integers little-endian
 *       8     4  sequence, i32
 *      12     4  length of the header block, u32
 *      16     4  length of the body, u32
 *      20    hl  headers: { key i32, length u32, value }*
 *   20+hl    bl  body
 * </pre>
 *
 * The frame owns its buffer: whoever holds the frame last calls {@link #release()}. Confined to one thread at a time.
 * Source: SDK sheet 4.2.
 */
public final class Frame {
    public static final int PREFIX = 20;
    /** The magic read as a little-endian integer. */
    public static final int MAGIC = 0x0C090603;

    private final ByteBuf raw;
    private final int start;
    private final int headersLength;
    private final int bodyLength;

    private Frame(ByteBuf raw) {
        this.raw = raw;
        this.start = raw.readerIndex();
        this.headersLength = raw.getIntLE(start + 12);
        this.bodyLength = raw.getIntLE(start + 16);
    }

    /**
     * How many bytes the frame at the reader index takes, or empty while its prefix is incomplete.
     *
     * @throws MalformedFrame wrong magic, or longer than the limits allow
     */
    public static OptionalInt lengthOf(ByteBuf in, FrameLimits limits) {
        int at = in.readerIndex();
        if (in.readableBytes() >= 4 && in.getIntLE(at) != MAGIC) {
            throw new MalformedFrame("magic " + ByteBufUtil.hexDump(in, at, 4) + " is not 0306090c");
        }
        if (in.readableBytes() < PREFIX) {
            return OptionalInt.empty();
        }
        int headers = in.getIntLE(at + 12);
        int body = in.getIntLE(at + 16);
        if (headers < 0 || headers > limits.headers()) {
            throw new MalformedFrame(
                    "header block of " + Integer.toUnsignedString(headers) + " bytes exceeds " + limits.headers());
        }
        if (body < 0 || body > limits.body()) {
            throw new MalformedFrame("body of " + Integer.toUnsignedString(body) + " bytes exceeds " + limits.body());
        }
        return OptionalInt.of(PREFIX + headers + body);
    }

    /**
     * Takes the buffer, which holds exactly one frame as measured by {@link #lengthOf}.
     *
     * @throws MalformedFrame when a header runs past the block; the buffer is then still the caller's
     */
    public static Frame take(ByteBuf raw) {
        Frame frame = new Frame(raw);
        if (raw.readableBytes() != PREFIX + frame.headersLength + frame.bodyLength) {
            throw new MalformedFrame("frame of " + raw.readableBytes() + " bytes announces "
                    + (PREFIX + frame.headersLength + frame.bodyLength));
        }
        frame.checkHeaders();
        return frame;
    }

    private void checkHeaders() {
        int at = start + PREFIX;
        int end = at + headersLength;
        while (at < end) {
            if (end - at < 8) {
                throw new MalformedFrame("header block ends inside a header");
            }
            int length = raw.getIntLE(at + 4);
            if (length < 0 || length > end - at - 8) {
                throw new MalformedFrame("header " + raw.getIntLE(at) + " of " + Integer.toUnsignedString(length)
                        + " bytes runs past its block");
            }
            at += 8 + length;
        }
    }

    public int contentType() {
        return raw.getIntLE(start + 4);
    }

    public int sequence() {
        return raw.getIntLE(start + 8);
    }

    /** Renumbers the frame in place, which is all that a transit hop changes. */
    public void sequence(int sequence) {
        raw.setIntLE(start + 8, sequence);
    }

    /** Gives every header of one id another id, in place: how a hop's own headers are kept from the next hop. */
    public void rename(int id, int to) {
        int at = start + PREFIX;
        int end = at + headersLength;
        while (at < end) {
            if (raw.getIntLE(at) == id) {
                raw.setIntLE(at, to);
            }
            at += 8 + raw.getIntLE(at + 4);
        }
    }

    public int bodyLength() {
        return bodyLength;
    }

    /** The body, sharing the frame's buffer and not retained. */
    public ByteBuf body() {
        return raw.slice(start + PREFIX + headersLength, bodyLength);
    }

    public String bodyText() {
        return raw.toString(start + PREFIX + headersLength, bodyLength, StandardCharsets.UTF_8);
    }

    public byte[] bodyBytes() {
        return ByteBufUtil.getBytes(raw, start + PREFIX + headersLength, bodyLength, true);
    }

    /** The whole frame, prefix included, sharing the frame's buffer and not retained. */
    public ByteBuf raw() {
        return raw.slice(start, PREFIX + headersLength + bodyLength);
    }

    /** Where the header's length field is, or -1. Of a repeated header the last counts. */
    private int find(int id) {
        int at = start + PREFIX;
        int end = at + headersLength;
        int found = -1;
        while (at < end) {
            if (raw.getIntLE(at) == id) {
                found = at + 4;
            }
            at += 8 + raw.getIntLE(at + 4);
        }
        return found;
    }

    public boolean has(int id) {
        return find(id) >= 0;
    }

    public byte @Nullable [] bytes(int id) {
        int at = find(id);
        return at < 0 ? null : ByteBufUtil.getBytes(raw, at + 4, raw.getIntLE(at), true);
    }

    public @Nullable String string(int id) {
        int at = find(id);
        return at < 0 ? null : raw.toString(at + 4, raw.getIntLE(at), StandardCharsets.UTF_8);
    }

    /** The header's bytes as a hashable key, without decoding text: what a forwarding table is asked with. */
    public @Nullable AsciiString ascii(int id) {
        int at = find(id);
        return at < 0 ? null : new AsciiString(ByteBufUtil.getBytes(raw, at + 4, raw.getIntLE(at), true), false);
    }

    public boolean bool(int id) {
        int at = find(id);
        return at >= 0 && raw.getIntLE(at) == 1 && raw.getByte(at + 4) == 1;
    }

    /** One to four bytes, little-endian: clients write small numbers in different widths. Absent or wider gives the fallback. */
    public int i32(int id, int fallback) {
        int at = find(id);
        if (at < 0) {
            return fallback;
        }
        int length = raw.getIntLE(at);
        if (length < 1 || length > 4) {
            return fallback;
        }
        int value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | raw.getUnsignedByte(at + 4 + i);
        }
        return value;
    }

    public long u64(int id, long fallback) {
        int at = find(id);
        return at < 0 || raw.getIntLE(at) != 8 ? fallback : raw.getLongLE(at + 4);
    }

    /** The sequence this frame answers, or -1. A hello is answered with -1 too; the channel knows that by its state. */
    public int replyFor() {
        return i32(Header.REPLY_FOR, -1);
    }

    /** All headers, last of a repeated one wins; copies. For tests, logs and rare messages. */
    public Map<Integer, byte[]> headers() {
        Map<Integer, byte[]> all = new LinkedHashMap<>();
        int at = start + PREFIX;
        int end = at + headersLength;
        while (at < end) {
            int length = raw.getIntLE(at + 4);
            all.put(raw.getIntLE(at), ByteBufUtil.getBytes(raw, at + 8, length, true));
            at += 8 + length;
        }
        return all;
    }

    /** Headers whose id is at least {@code from} and below {@code to}; copies, the same shared empty map when there is none. */
    public Map<Integer, byte[]> headersBetween(int from, int to) {
        Map<Integer, byte[]> some = Map.of();
        int at = start + PREFIX;
        int end = at + headersLength;
        while (at < end) {
            int id = raw.getIntLE(at);
            int length = raw.getIntLE(at + 4);
            if (id >= from && id < to) {
                if (some.isEmpty()) {
                    some = new LinkedHashMap<>();
                }
                some.put(id, ByteBufUtil.getBytes(raw, at + 8, length, true));
            }
            at += 8 + length;
        }
        return some;
    }

    public Frame retain() {
        raw.retain();
        return this;
    }

    public void release() {
        raw.release();
    }

    /** Kind and sizes only: never a payload, never a token. */
    @Override
    public String toString() {
        return "frame ct=" + contentType() + " seq=" + sequence() + " headers=" + headersLength + " body=" + bodyLength;
    }
}
