package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.postern.wsproxy.engine.Output;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes that a console printed, numbered from its first. Bytes go in once and come out as slices, for any number
 * of readers; a slice stays good when the ring has forgotten it. What is counted against the capacity is memory, not bytes,
 * so that a process that changes between its outputs at every byte gets no more of it. Confined to one thread.
 */
final class OutputRing {
    private static final int SMALLEST = 64;
    private static final int LARGEST = 64 * 1024;
    /** From here on keeping what came is cheaper than copying it. */
    private static final int WHOLE = 8 * 1024;

    /** Bytes of one output in a row; never moved, as other threads may still write them out. */
    private record Segment(Output from, long position, ByteBuf bytes, long weightBefore) {
        long end() {
            return position + bytes.writerIndex();
        }
    }

    /** Bytes of the ring, owned by whom they are given to. */
    record Chunk(Output from, ByteBuf bytes, long position) {}

    private final ByteBufAllocator allocator;
    private final long capacity;
    private Segment[] segments = new Segment[4];
    private int first;
    private int count;
    private long end;
    private long weight;
    private long floor = Long.MAX_VALUE;

    OutputRing(ByteBufAllocator allocator, long capacity) {
        this.allocator = allocator;
        this.capacity = capacity;
    }

    long capacity() {
        return capacity;
    }

    /** Number of the oldest byte that is here. */
    long start() {
        return count == 0 ? end : at(0).position();
    }

    /** Number of the next byte. */
    long end() {
        return end;
    }

    /** Nothing from here on is forgotten; the owner then must stop the source in time. */
    void keepFrom(long position) {
        floor = position;
    }

    /** Memory that the bytes from a position on take. */
    long weightFrom(long position) {
        return position >= end || count == 0 ? 0 : weight - at(find(position)).weightBefore();
    }

    /**
     * Takes ownership, without a copy where it is worth it. Only for parts of buffers that are almost full, as the whole
     * buffer stays in memory.
     */
    void adopt(Output from, ByteBuf in) {
        int size = in.readableBytes();
        if (size < WHOLE) {
            append(from, in);
            return;
        }
        keep(new Segment(from, end, in.slice(), weight), size);
        end += size;
        forget();
    }

    /** Takes ownership, and copies. */
    void append(Output from, ByteBuf in) {
        try {
            while (in.isReadable()) {
                Segment last = count == 0 ? null : at(count - 1);
                if (last == null || last.from() != from || !last.bytes().isWritable()) {
                    last = add(from, last, in.readableBytes());
                }
                int some = Math.min(in.readableBytes(), last.bytes().writableBytes());
                last.bytes().writeBytes(in, some);
                end += some;
            }
        } finally {
            in.release();
        }
        forget();
    }

    private Segment add(Output from, @Nullable Segment before, int wanted) {
        int grown = before == null || before.from() != from
                ? SMALLEST
                : before.bytes().capacity() * 4;
        int size = Math.clamp(Math.max(wanted, grown), SMALLEST, LARGEST);
        return keep(new Segment(from, end, allocator.buffer(size, size), weight), size);
    }

    private Segment keep(Segment fresh, int size) {
        weight += size;
        if (count == segments.length) {
            Segment[] more = new Segment[count * 2];
            for (int i = 0; i < count; i++) {
                more[i] = at(i);
            }
            segments = more;
            first = 0;
        }
        segments[(first + count) % segments.length] = fresh;
        count++;
        return fresh;
    }

    private void forget() {
        while (count > 1 && weight - at(0).weightBefore() > capacity && at(0).end() <= floor) {
            at(0).bytes().release();
            segments[first] = null;
            first = (first + 1) % segments.length;
            count--;
        }
    }

    /** The next bytes from a position on, of one output; null when there are none yet, or no more. */
    @Nullable
    Chunk read(long position, int most) {
        if (position < start() || position >= end) {
            return null;
        }
        Segment segment = at(find(position));
        int offset = (int) (position - segment.position());
        int some = Math.min(most, segment.bytes().writerIndex() - offset);
        return new Chunk(segment.from(), segment.bytes().retainedSlice(offset, some), position);
    }

    /** A good place to begin for one who wants about so many bytes of what was: behind a line end, where there is one. */
    long recent(int bytes) {
        long from = Math.max(start(), end - bytes);
        if (from == start()) {
            return from;
        }
        for (long at = from; at < end; ) {
            Segment segment = at(find(at));
            int offset = (int) (at - segment.position());
            int length = segment.bytes().writerIndex() - offset;
            int line = segment.bytes().indexOf(offset, offset + length, (byte) '\n');
            if (line >= 0) {
                return segment.position() + line + 1;
            }
            at += length;
        }
        return from;
    }

    private Segment at(int index) {
        return segments[(first + index) % segments.length];
    }

    private int find(long position) {
        int low = 0;
        int high = count - 1;
        if (at(high).position() <= position) {
            return high;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (at(middle).position() <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Gives everything back; the ring is empty then and goes on at the same number. */
    void release() {
        for (int i = 0; i < count; i++) {
            at(i).bytes().release();
        }
        segments = new Segment[4];
        first = 0;
        count = 0;
    }
}
