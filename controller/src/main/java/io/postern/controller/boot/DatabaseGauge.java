package io.postern.controller.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the database answers: gauge {@code postern.database.up}, 1 or 0. Asked now and then over the pool that requests use; a
 * question without an answer when the next one is due counts as no, and none is asked beside it.
 */
@Singleton
public class DatabaseGauge {
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Pool pool;
    private final Duration period;
    /** A start has just used it. */
    private final AtomicInteger up = new AtomicInteger(1);

    private final AtomicBoolean asking = new AtomicBoolean();
    private long timer;

    @Inject
    DatabaseGauge(MeterRegistry registry, Vertx vertx, Schema schema) {
        this(registry, vertx, schema.pool(), PERIOD);
    }

    DatabaseGauge(MeterRegistry registry, Vertx vertx, Pool pool, Duration period) {
        this.vertx = vertx;
        this.pool = pool;
        this.period = period;
        registry.gauge("postern.database.up", up);
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(period.toMillis(), due -> ask());
    }

    private void ask() {
        if (!asking.compareAndSet(false, true)) {
            up.set(0);
            return;
        }
        pool.query("select").execute().onComplete(answer -> {
            up.set(answer.succeeded() ? 1 : 0);
            asking.set(false);
        });
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }
}
