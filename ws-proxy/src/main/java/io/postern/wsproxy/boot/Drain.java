package io.postern.wsproxy.boot;

import io.postern.wsproxy.hub.Consoles;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Lets consoles end before the server does: nobody new comes in, everybody is told, stragglers are cut. {@link Main} calls it
 * when a signal comes, since the HTTP server closes its sockets before anybody observes {@link ShutdownEvent}.
 */
@Singleton
public class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);

    private final ProxyConfig config;
    private final ProxyHealth health;
    private final Consoles consoles;
    private boolean drained;

    Drain(ProxyConfig config, ProxyHealth health, Consoles consoles) {
        this.config = config;
        this.health = health;
        this.consoles = consoles;
    }

    void delayed(@Observes ShutdownDelayInitiatedEvent event) {
        health.draining();
    }

    void started(@Observes StartupEvent event) {
        Main.beforeExit(this::drain);
    }

    /** Where no signal came first: the parent ended, or a test did. */
    void stop(@Observes @Priority(1) ShutdownEvent event) {
        drain();
    }

    /** Once; whoever comes second waits for the first. */
    private synchronized void drain() {
        if (drained) {
            return;
        }
        drained = true;
        health.draining();
        int before = consoles.present().size();
        try {
            consoles.drain().toCompletableFuture().get(config.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warnf("drain.cut cause=%s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.infof("drain.done consoles=%d", before);
    }
}
