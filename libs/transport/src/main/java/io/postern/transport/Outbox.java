package io.postern.transport;

import io.netty.util.internal.PlatformDependent;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Frames handed over by other threads, waiting for the channel's loop; counted in bytes. */
final class Outbox {
    /** Something on its way out. */
    sealed interface Out {
        int size();

        void drop(String why);
    }

    record Built(FrameBuilder frame) implements Out {
        @Override
        public int size() {
            return frame.size();
        }

        @Override
        public void drop(String why) {
            frame.release();
        }
    }

    record Forwarded(Frame frame) implements Out {
        @Override
        public int size() {
            return Frame.PREFIX + frame.bodyLength();
        }

        @Override
        public void drop(String why) {
            frame.release();
        }
    }

    record Request(FrameBuilder frame, CompletableFuture<Frame> reply, long timeout) implements Out {
        @Override
        public int size() {
            return frame.size();
        }

        @Override
        public void drop(String why) {
            frame.release();
            reply.completeExceptionally(new ChannelClosed(why));
        }
    }

    private final Queue<Out> queue = PlatformDependent.newMpscQueue();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** True when the caller is to schedule a {@link #drain}. */
    boolean add(Out out) {
        bytes.addAndGet(out.size());
        queue.add(out);
        return scheduled.compareAndSet(false, true);
    }

    long bytes() {
        return bytes.get();
    }

    /** On the loop. Sizes are asked before the consumer takes the bodies. */
    void drain(Consumer<Out> consumer) {
        scheduled.set(false);
        for (Out out = queue.poll(); out != null; out = queue.poll()) {
            bytes.addAndGet(-out.size());
            consumer.accept(out);
        }
    }
}
