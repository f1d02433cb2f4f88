package io.postern.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.postern.wire.Frame;
import io.postern.wire.FrameLimits;
import io.postern.wire.MalformedFrame;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Cuts received bytes into frames. A frame that lies in one buffer is a slice of it; one that spans several is copied once
 * into a buffer that grows with what has arrived, so that an announced length alone costs nothing. Confined to one loop.
 */
final class FrameDecoder {
    private static final int STEP = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> input = new ArrayDeque<>();
    private FrameLimits limits = FrameLimits.HELLO;
    private @Nullable ByteBuf partial;
    private int need;
    private boolean wrongMagic;

    FrameDecoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    void limits(FrameLimits value) {
        limits = value;
    }

    /** Takes the buffer. */
    void offer(ByteBuf in) {
        if (in.isReadable()) {
            input.add(in);
        } else {
            in.release();
        }
    }

    /** Whether the failure was another wire version, or no wire at all. */
    boolean wrongMagic() {
        return wrongMagic;
    }

    /**
     * The next whole frame, or null until more bytes arrive.
     *
     * @throws MalformedFrame after which the decoder is of no more use
     */
    @Nullable
    Frame next() {
        for (ByteBuf first = input.peek(); first != null; first = input.peek()) {
            Frame frame = partial == null ? whole(first) : grow(first);
            if (!first.isReadable()) {
                input.remove().release();
            }
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    private @Nullable Frame whole(ByteBuf in) {
        OptionalInt length = measure(in);
        if (length.isPresent() && in.readableBytes() >= length.getAsInt()) {
            return take(in.readRetainedSlice(length.getAsInt()));
        }
        partial = allocator.ioBuffer(Math.min(length.orElse(STEP), STEP));
        need = length.orElse(Frame.PREFIX);
        return grow(in);
    }

    private @Nullable Frame grow(ByteBuf in) {
        ByteBuf into = partial;
        while (in.isReadable()) {
            int copy = Math.min(need - into.readableBytes(), in.readableBytes());
            room(into, copy);
            into.writeBytes(in, copy);
            if (into.readableBytes() < need) {
                return null;
            }
            int length = measure(into).orElseThrow();
            if (length == need) {
                partial = null;
                return take(into);
            }
            need = length;
        }
        return null;
    }

    private void room(ByteBuf into, int more) {
        int wanted = into.writerIndex() + more;
        if (wanted > into.capacity()) {
            into.capacity(Math.max(wanted, Math.min(need, Math.max(STEP, into.capacity() * 2))));
        }
    }

    private OptionalInt measure(ByteBuf in) {
        wrongMagic = in.readableBytes() >= 4 && in.getIntLE(in.readerIndex()) != Frame.MAGIC;
        return Frame.lengthOf(in, limits);
    }

    private static Frame take(ByteBuf raw) {
        try {
            return Frame.take(raw);
        } catch (MalformedFrame e) {
            raw.release();
            throw e;
        }
    }

    void release() {
        input.forEach(ByteBuf::release);
        input.clear();
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
