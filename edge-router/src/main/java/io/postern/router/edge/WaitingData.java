package io.postern.router.edge;

import io.netty.buffer.ByteBuf;
import io.postern.wire.xgress.PayloadHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiPredicate;

/**
 * What a client sent on one connection and its circuit does not take yet, in order, message by message. Above the bound
 * the Channel is no longer read; below half of it, it is again. Confined to the Channel's loop.
 */
final class WaitingData {
    /** What a queued message costs beside its bytes, so that empty ones are bounded too. */
    private static final int OVERHEAD = 128;

    private record Message(ByteBuf body, PayloadHeaders headers) {
        int cost() {
            return body.readableBytes() + OVERHEAD;
        }
    }

    private final Deque<Message> messages = new ArrayDeque<>();
    private final int most;
    private long bytes;

    WaitingData(int most) {
        this.most = most;
    }

    /** Takes the body. */
    void add(ByteBuf body, PayloadHeaders headers) {
        Message message = new Message(body, headers);
        messages.add(message);
        bytes += message.cost();
    }

    /** Gives messages, bodies included, until the taker says that it wants no more for now. */
    boolean drain(BiPredicate<ByteBuf, PayloadHeaders> taker) {
        while (!messages.isEmpty()) {
            Message message = messages.remove();
            bytes -= message.cost();
            if (!taker.test(message.body, message.headers)) {
                return false;
            }
        }
        return true;
    }

    /** What is held, overhead included. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    boolean overfull() {
        return bytes > most;
    }

    boolean relieved() {
        return bytes <= most / 2;
    }

    void release() {
        drain((body, headers) -> {
            body.release();
            return true;
        });
    }
}
