package io.postern.router;

import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/** A router's last wish: says to every controller that nothing new is wanted, and waits for what is there. Any thread. */
final class Draining {
    private static final Logger LOG = Logger.getLogger(Draining.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ScheduledExecutorService background;
    private final Controllers controllers;
    private volatile IntSupplier circuits = () -> 0;
    private volatile boolean began;

    /** @param controllers not dialled yet: one that is met later is told as well */
    Draining(Controllers controllers, ScheduledExecutorService background) {
        this.controllers = controllers;
        this.background = background;
        controllers.onConnected(peer -> {
            if (began) {
                tell(peer);
            }
        });
    }

    /** @param count of Circuits that end here or pass through */
    void watch(IntSupplier count) {
        circuits = count;
    }

    boolean began() {
        return began;
    }

    /** Blocks until no Circuit is left, or that long. */
    void run(Duration longest) {
        began = true;
        LOG.infof("drain.began circuits=%d longest=%s", circuits.getAsInt(), longest);
        CompletableFuture<?>[] told = controllers.connectedPeers().stream()
                .map(this::tell)
                .map(each -> each.exceptionally(failure -> null))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> empty = CompletableFuture.allOf(told).thenCompose(all -> nothingLeft());
        try {
            empty.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            empty.cancel(false);
        } catch (ExecutionException e) {
            LOG.warnf("drain.failed cause=%s", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.infof("drain.done circuits=%d", circuits.getAsInt());
    }

    private CompletableFuture<?> tell(ControlPeer peer) {
        return peer.request(FrameBuilder.of(ContentType.QUIESCE), ANSWER)
                .thenAccept(Frame::release)
                .toCompletableFuture();
    }

    private CompletableFuture<Void> nothingLeft() {
        CompletableFuture<Void> empty = new CompletableFuture<>();
        ScheduledFuture<?> look = background.scheduleWithFixedDelay(
                () -> {
                    if (circuits.getAsInt() == 0) {
                        empty.complete(null);
                    }
                },
                0,
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
        empty.whenComplete((done, failure) -> look.cancel(false));
        return empty;
    }
}
