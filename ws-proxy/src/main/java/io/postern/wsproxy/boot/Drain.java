package io.postern.wsproxy.boot;

import io.postern.wsproxy.hub.Consoles;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Lets consoles end before the server does: nobody new comes in, everybody is told, stragglers are cut. */
@Singleton
public class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);

    private final ProxyConfig config;
    private final ProxyHealth health;
    private final Consoles consoles;

    Drain(ProxyConfig config, ProxyHealth health, Consoles consoles) {
        this.config = config;
        this.health = health;
        this.consoles = consoles;
    }

    void delayed(@Observes ShutdownDelayInitiatedEvent event) {
        health.draining();
    }

    /** Before everybody else: the front and the hub still work. */
    void stop(@Observes @Priority(1) ShutdownEvent event) {
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
