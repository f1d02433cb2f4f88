package io.postern.wsproxy.live;

import io.postern.wsproxy.access.Access;
import io.postern.wsproxy.access.AccessConfig;
import io.postern.wsproxy.access.Confirmations;
import io.postern.wsproxy.access.TokenEnds;
import io.postern.wsproxy.hub.Consoles;
import io.postern.wsproxy.hub.Consoles.Present;
import io.postern.wsproxy.hub.SessionId;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks every second, and at once when a change is told, at who sits at consoles, and sends away who has lost the right, whose
 * API Session or token has ended, and who could not be confirmed for too long. What it finds in use it reports as use. Runs
 * on a virtual thread of its own.
 */
@Singleton
public class LiveRights {
    private static final Logger LOG = Logger.getLogger("postern.access");
    private static final long LOOK_MILLIS = 1_000;

    private final Access access;
    private final Confirmations confirmations;
    private final Instance<Consoles> consoles;
    private final InstantSource clock = InstantSource.system();
    private final Review review;
    private final Object lock = new Object();
    /** Sets of ids that were told and not looked at; guarded by the lock. */
    private final List<Set<String>> told = new ArrayList<>();

    private volatile @Nullable Thread thread;

    LiveRights(
            Access access,
            Confirmations confirmations,
            Instance<Consoles> consoles,
            AccessConfig config,
            TokenEnds ends) {
        this.access = access;
        this.confirmations = confirmations;
        this.consoles = consoles;
        this.review = new Review(config.review(), config.unconfirmed(), ends::of);
    }

    /** Before the changes begin to be told. */
    void start(@Observes @Priority(1) StartupEvent event) {
        if (!consoles.isResolvable()) {
            return;
        }
        access.onChange(this::changed);
        thread = Thread.ofVirtual().name("live-rights").start(this::run);
    }

    void stop(@Observes Shutdown event) {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void changed(Set<String> concerned) {
        synchronized (lock) {
            told.add(concerned);
            lock.notifyAll();
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                await();
                look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.errorf(e, "access.review.failed");
            }
        }
    }

    private void await() throws InterruptedException {
        synchronized (lock) {
            if (told.isEmpty()) {
                lock.wait(LOOK_MILLIS);
            }
            told.forEach(review::changed);
            told.clear();
        }
    }

    private void look() {
        List<Present> present = consoles.get().present();
        Set<String> due = review.due(present, clock.instant());
        Optional<Map<String, Confirmations.Confirmation>> answers =
                due.isEmpty() ? Optional.of(Map.of()) : confirmations.confirm(due);
        // who came while the answer was on its way is asked about in the next round
        Map<Present, String> away = review.sentAway(present, due, answers, clock.instant());
        away.values().stream().distinct().forEach(reason -> expel(away, reason));
    }

    /** What of a seat stays as it is; its container's state may have changed since it was looked at. */
    private record Seat(SessionId session, String apiSession, boolean observer) {
        static Seat of(Present present) {
            return new Seat(present.session(), present.who().apiSessionId(), present.observer());
        }
    }

    private void expel(Map<Present, String> away, String reason) {
        Set<Seat> whom = new HashSet<>();
        away.forEach((seat, why) -> {
            if (why.equals(reason)) {
                whom.add(Seat.of(seat));
                LOG.infof(
                        "console.expelled sessionId=%s identityId=%s apiSessionId=%s host=%s containerId=%s reason=\"%s\"",
                        seat.session(),
                        seat.who().identityId(),
                        seat.who().apiSessionId(),
                        seat.container().host(),
                        seat.container().id(),
                        reason);
            }
        });
        consoles.get().expel(seat -> whom.contains(Seat.of(seat)), reason);
    }
}
