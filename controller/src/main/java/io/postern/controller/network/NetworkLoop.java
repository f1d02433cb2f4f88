package io.postern.controller.network;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs everything that touches network state, one task after another, so that connects, faults and dials cannot race.
 * Tasks never block. What a task throws is logged and ends that task only.
 */
@Singleton
public class NetworkLoop implements Executor {
    private static final Logger LOG = Logger.getLogger(NetworkLoop.class);

    private final DefaultEventExecutor executor =
            new DefaultEventExecutor(new DefaultThreadFactory("postern-network", true));

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("network.task.dropped: the controller is stopping");
        }
    }

    /** Runs the task at once when on the loop, else later. */
    public void run(Runnable task) {
        if (executor.inEventLoop()) {
            guarded(task).run();
        } else {
            execute(task);
        }
    }

    /** For readers on other threads: the answer as it is on the loop. */
    public <T> CompletionStage<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    public ScheduledFuture<?> after(Duration delay, Runnable task) {
        return executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    public ScheduledFuture<?> every(Duration period, Runnable task) {
        return executor.scheduleWithFixedDelay(guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    public boolean inLoop() {
        return executor.inEventLoop();
    }

    /** @throws IllegalStateException on any other thread: network state is confined to the loop */
    public void assertInLoop() {
        if (!executor.inEventLoop()) {
            throw new IllegalStateException("network state is touched off its loop");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("network.task.failed", e);
            }
        };
    }

    @PreDestroy
    void stop() {
        executor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
