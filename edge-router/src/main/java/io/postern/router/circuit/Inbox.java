package io.postern.router.circuit;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.xgress.Payload;
import io.postern.wire.xgress.XgressMessage;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What other loops hand to an end: frames, messages, calls. Linked, because it is empty nearly always and there is one per
 * end: an array would cost idle ends kilobytes. Many add, the end's loop polls.
 */
final class Inbox {
    /** Beyond it payloads are dropped unacknowledged: the loop does not keep up, and the sender shall notice. */
    private static final long LIMIT = 16L * 1024 * 1024;

    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    /** Takes the item; false when it was dropped, which only happens to payloads. */
    boolean add(Object item) {
        int size = size(item);
        if (size > 0 && bytes.get() > LIMIT) {
            release(item);
            return false;
        }
        bytes.addAndGet(size);
        queue.add(item);
        return true;
    }

    @Nullable
    Object poll() {
        Object item = queue.poll();
        if (item != null) {
            bytes.addAndGet(-size(item));
        }
        return item;
    }

    private static int size(Object item) {
        return switch (item) {
            case Frame frame -> frame.contentType() == ContentType.XG_PAYLOAD ? frame.bodyLength() : 0;
            case Payload payload -> payload.body().readableBytes();
            default -> 0;
        };
    }

    static void release(Object item) {
        switch (item) {
            case Frame frame -> frame.release();
            case XgressMessage message -> message.release();
            default -> {}
        }
    }
}
