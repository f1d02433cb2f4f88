package io.postern.controller.pki;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Looks every few minutes whether keys are about to end, or another replica has renewed them: new keys sign only after
 * all had time to see them.
 */
@Singleton
public class KeyRenewal {
    private static final Logger LOG = Logger.getLogger(KeyRenewal.class);
    private static final Duration EVERY = Duration.ofMinutes(3);

    private final Vertx vertx;
    private final Pki pki;
    private long timer;

    KeyRenewal(Vertx vertx, Pki pki) {
        this.vertx = vertx;
        this.pki = pki;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(
                EVERY.toMillis(),
                tick -> vertx.executeBlocking(() -> {
                            pki.renew();
                            return null;
                        })
                        .onFailure(failure -> LOG.error("pki.renew.failed the old keys stay in use", failure)));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }
}
