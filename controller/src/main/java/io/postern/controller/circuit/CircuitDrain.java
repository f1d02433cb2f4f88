package io.postern.controller.circuit;

import io.postern.controller.network.NetworkLoop;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Lets dials under way come to their end before the controller does; its channels close after that. */
@Singleton
class CircuitDrain {
    private static final Logger LOG = Logger.getLogger("io.postern.circuit");
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(20);

    /** After this controller has left the others, who have told the routers, and before anything that dials need. */
    static final int AFTER_LEAVING = 2_750;

    private final NetworkLoop network;
    private final CircuitOpener opener;

    CircuitDrain(NetworkLoop network, CircuitOpener opener) {
        this.network = network;
        this.opener = opener;
    }

    void stop(@Observes @Priority(AFTER_LEAVING) ShutdownEvent event) throws InterruptedException {
        CountDownLatch quiet = new CountDownLatch(1);
        network.run(() -> wait(quiet));
        boolean ended = quiet.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        LOG.infof("drain.done dials=%s", ended ? "ended" : "cut");
    }

    private void wait(CountDownLatch quiet) {
        if (opener.pendingCount() == 0) {
            quiet.countDown();
        } else {
            network.after(STEP, () -> wait(quiet));
        }
    }
}
