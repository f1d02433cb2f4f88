package io.postern.wsproxy.access;

import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.Controller.Changed;
import io.postern.wsproxy.controller.ControllerTrouble;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for changes of rights, one poll after another, and tells of each once. After trouble it goes on at the index where it
 * was, so that nothing is missed; where it cannot know what was missed, anybody's rights may have changed. Runs on a virtual
 * thread of its own.
 */
final class ChangeFeed {
    private static final Logger LOG = Logger.getLogger("postern.access");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long FIRST_PAUSE = 200;
    private static final long LONGEST_PAUSE = 5_000;

    private final Controller controller;
    private final Consumer<Set<String>> told;
    private volatile boolean connected;
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    // confined to the thread
    private Optional<Long> index = Optional.empty();
    private long pause = FIRST_PAUSE;
    private boolean forbidden;

    ChangeFeed(Controller controller, Consumer<Set<String>> told) {
        this.controller = controller;
        this.told = told;
    }

    void start() {
        thread = Thread.ofVirtual().name("access-changes").start(this::run);
    }

    void stop() {
        ended = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Did the last poll get an answer? */
    boolean isConnected() {
        return connected;
    }

    private void run() {
        while (!ended) {
            try {
                heard(controller.changes(index, PATIENCE));
            } catch (ControllerTrouble trouble) {
                if (!ended && !rested(trouble)) {
                    return;
                }
            } catch (RuntimeException e) {
                LOG.errorf(e, "access.changes.failed");
                if (!rested(new ControllerTrouble(ControllerTrouble.Kind.AWAY, "a fault of this program"))) {
                    return;
                }
            }
        }
    }

    private void heard(Changed changed) {
        if (!connected) {
            LOG.infof("access.changes.connected index=%d", changed.index());
        }
        connected = true;
        forbidden = false;
        pause = FIRST_PAUSE;
        index = Optional.of(changed.index());
        if (changed.everybody()) {
            told.accept(Set.of());
        } else if (!changed.concerned().isEmpty()) {
            told.accept(Set.copyOf(changed.concerned()));
        }
    }

    /** @return false when it is to end */
    private boolean rested(ControllerTrouble trouble) {
        if (connected || pause == FIRST_PAUSE) {
            LOG.warnf("access.changes.lost kind=%s reason=%s", trouble.kind(), trouble.getMessage());
        }
        connected = false;
        if (trouble.kind() == ControllerTrouble.Kind.FORBIDDEN && !forbidden) {
            // the proxy itself lost its right: so did everybody behind it
            forbidden = true;
            index = Optional.empty();
            told.accept(Set.of());
        }
        try {
            Thread.sleep(pause + ThreadLocalRandom.current().nextLong(pause));
        } catch (InterruptedException e) {
            return false;
        }
        pause = Math.min(LONGEST_PAUSE, pause * 2);
        return true;
    }
}
