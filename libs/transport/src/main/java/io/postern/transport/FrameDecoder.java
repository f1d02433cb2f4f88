package io.postern.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.postern.wire.Frame;
import io.postern.wire.FrameLimits;
import io.postern.wire.MalformedFrame;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Cuts received bytes into frames without copying them: a frame that lies in one buffer is a slice of it, one that spans
 * several is joined of slices. Only pieces below {@value #GATHERED} bytes are gathered into a buffer of our own, so that a
 * peer cannot make a frame of countless crumbs; and since nothing is set aside ahead, an announced length alone costs
 * nothing. Confined to one loop.
 */
final class FrameDecoder {
    /** Smaller pieces are copied, among them the prefix where it is torn. */
    static final int GATHERED = 512;

    private static final int GATHER_BUFFER = 4096;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> input = new ArrayDeque<>();
    private FrameLimits limits = FrameLimits.HELLO;
    private @Nullable CompositeByteBuf partial;
    /** The last component of {@link #partial}, when it is ours to write on. */
    private @Nullable ByteBuf gathering;

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
        partial = allocator.compositeBuffer(Integer.MAX_VALUE);
        gathering = null;
        need = length.orElse(Frame.PREFIX);
        return grow(in);
    }

    private @Nullable Frame grow(ByteBuf in) {
        CompositeByteBuf into = partial;
        while (in.isReadable()) {
            append(into, in, Math.min(need - into.readableBytes(), in.readableBytes()));
            if (into.readableBytes() < need) {
                return null;
            }
            int length = measure(into).orElseThrow();
            if (length == need) {
                partial = null;
                gathering = null;
                return take(into);
            }
            need = length;
        }
        return null;
    }

    private void append(CompositeByteBuf into, ByteBuf in, int length) {
        ByteBuf own = gathering;
        if (length >= GATHERED) {
            gathering = null;
            into.addComponent(true, in.readRetainedSlice(length));
        } else if (own != null && own.maxWritableBytes() >= length) {
            // a component ends where it ended when it was added: it is taken out and added again, longer
            own.retain();
            into.writerIndex(into.writerIndex() - own.readableBytes());
            into.removeComponent(into.numComponents() - 1);
            into.addComponent(true, own.writeBytes(in, length));
        } else {
            gathering = allocator.ioBuffer(Math.min(GATHER_BUFFER, need), GATHER_BUFFER);
            into.addComponent(true, gathering.writeBytes(in, length));
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
