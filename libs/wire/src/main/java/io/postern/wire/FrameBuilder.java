package io.postern.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way out. Headers are written as they are set, so order of calls is order on the wire; the channel
 * numbers the frame when it sends it. A body given as a buffer is not copied: it leaves as its own piece behind the head.
 * Use once, by one thread.
 */
public final class FrameBuilder {
    private final int contentType;
    private byte[] headers = new byte[96];
    private int length;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;

    private FrameBuilder(int contentType) {
        this.contentType = contentType;
    }

    public static FrameBuilder of(int contentType) {
        return new FrameBuilder(contentType);
    }

    /** An answer to a request: carries its sequence, and its reflected header if it has one. */
    public static FrameBuilder reply(int contentType, Frame request) {
        FrameBuilder reply = new FrameBuilder(contentType).i32(Header.REPLY_FOR, request.sequence());
        byte[] reflected = request.bytes(Header.REFLECTED);
        return reflected == null ? reply : reply.bytes(Header.REFLECTED, reflected);
    }

    /** The plain yes or no of the channel layer, with a text for people. */
    public static FrameBuilder result(Frame request, boolean success, String text) {
        return reply(ContentType.RESULT, request)
                .bool(Header.RESULT_SUCCESS, success)
                .body(text);
    }

    /** Marks this frame as the answer to the request of that sequence, when the request itself is gone already. */
    public FrameBuilder replyFor(int sequence) {
        return i32(Header.REPLY_FOR, sequence);
    }

    public int contentType() {
        return contentType;
    }

    public FrameBuilder bytes(int id, byte... value) {
        int at = open(id, value.length);
        System.arraycopy(value, 0, headers, at, value.length);
        return this;
    }

    /** As {@link #bytes}, or nothing at all. */
    public FrameBuilder optional(int id, byte @Nullable [] value) {
        return value == null ? this : bytes(id, value);
    }

    /** As {@link #string}, or nothing at all. */
    public FrameBuilder optional(int id, @Nullable String value) {
        return value == null ? this : string(id, value);
    }

    /** UTF-8, no terminator. */
    public FrameBuilder string(int id, String value) {
        return bytes(id, value.getBytes(StandardCharsets.UTF_8));
    }

    /** One byte, 1 or 0. */
    public FrameBuilder bool(int id, boolean value) {
        return u8(id, value ? 1 : 0);
    }

    public FrameBuilder u8(int id, int value) {
        int at = open(id, 1); // may replace the array, so it comes before it
        headers[at] = (byte) value;
        return this;
    }

    public FrameBuilder u16(int id, int value) {
        int at = open(id, 2);
        headers[at] = (byte) value;
        headers[at + 1] = (byte) (value >>> 8);
        return this;
    }

    /** Four bytes, little-endian; u32 and i32 alike. */
    public FrameBuilder i32(int id, int value) {
        putIntLE(open(id, 4), value);
        return this;
    }

    public FrameBuilder u64(int id, long value) {
        int at = open(id, 8);
        putIntLE(at, (int) value);
        putIntLE(at + 4, (int) (value >>> 32));
        return this;
    }

    /** u32 count, then (u32 length, bytes) each; none at all is a value of no bytes. */
    public FrameBuilder strings(int id, List<String> values) {
        return bytes(id, HeaderValues.encode(values));
    }

    /** u32 count, then (u32 key, u32 length, bytes) each. */
    public FrameBuilder byteMap(int id, Map<Integer, byte[]> values) {
        return bytes(id, HeaderValues.encodeBytes(values));
    }

    /** u32 count, then (u32 length, key, u32 length, value) each. */
    public FrameBuilder stringMap(int id, Map<String, String> values) {
        return bytes(id, HeaderValues.encodeStrings(values));
    }

    /** Takes the buffer: it is released when the frame has been written or dropped. */
    public FrameBuilder body(ByteBuf value) {
        body.release();
        body = value;
        return this;
    }

    public FrameBuilder body(byte[] value) {
        return body(Unpooled.wrappedBuffer(value));
    }

    public FrameBuilder body(String value) {
        return body(value.getBytes(StandardCharsets.UTF_8));
    }

    public int bodyLength() {
        return body.readableBytes();
    }

    /** Bytes this frame takes on the wire. */
    public int size() {
        return Frame.PREFIX + length + body.readableBytes();
    }

    /** Prefix and headers, in a buffer that has room for nothing else. */
    public ByteBuf head(ByteBufAllocator allocator, int sequence) {
        ByteBuf head = allocator.buffer(Frame.PREFIX + length, Frame.PREFIX + length);
        return writeHead(head, sequence);
    }

    /** The body, once; ownership goes to the caller. */
    public ByteBuf takeBody() {
        ByteBuf taken = body;
        body = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    /** Head and body in one buffer; the body is copied and released. For small frames, where one write beats two. */
    public ByteBuf encode(ByteBufAllocator allocator, int sequence) {
        ByteBuf whole = allocator.buffer(size(), size());
        writeHead(whole, sequence);
        whole.writeBytes(body, body.readerIndex(), body.readableBytes());
        body.release();
        body = Unpooled.EMPTY_BUFFER;
        return whole;
    }

    /** Gives the body up unsent. */
    public void release() {
        body.release();
        body = Unpooled.EMPTY_BUFFER;
    }

    private ByteBuf writeHead(ByteBuf out, int sequence) {
        return out.writeIntLE(Frame.MAGIC)
                .writeIntLE(contentType)
                .writeIntLE(sequence)
                .writeIntLE(length)
                .writeIntLE(body.readableBytes())
                .writeBytes(headers, 0, length);
    }

    private int open(int id, int size) {
        int need = length + 8 + size;
        if (need > headers.length) {
            headers = Arrays.copyOf(headers, Math.max(need, headers.length * 2));
        }
        putIntLE(length, id);
        putIntLE(length + 4, size);
        int at = length + 8;
        length = need;
        return at;
    }

    private void putIntLE(int at, int value) {
        headers[at] = (byte) value;
        headers[at + 1] = (byte) (value >>> 8);
        headers[at + 2] = (byte) (value >>> 16);
        headers[at + 3] = (byte) (value >>> 24);
    }

    @Override
    public String toString() {
        return "frame ct=" + contentType + " headers=" + length + " body=" + body.readableBytes();
    }
}
