package io.postern.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one task at the earliest time asked for. Confined to its loop. */
final class Alarm {
    private final EventLoop loop;
    private final Runnable task;
    private @Nullable ScheduledFuture<?> timer;
    private long setFor = Long.MAX_VALUE;

    Alarm(EventLoop loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    /** @param nanos of {@link Clocks}; later than what is set already changes nothing */
    void at(long nanos) {
        if (nanos >= setFor) {
            return;
        }
        cancel();
        setFor = nanos;
        timer = loop.schedule(this::ring, Math.max(nanos - Clocks.nanos(), 0), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        setFor = Long.MAX_VALUE;
        task.run();
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
        setFor = Long.MAX_VALUE;
    }
}
