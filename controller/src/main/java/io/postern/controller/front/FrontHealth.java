package io.postern.controller.front;

import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when HTTPS listens: the management port, which answers for us, may listen a moment before. */
@Singleton
@Readiness
public class FrontHealth implements HealthCheck {
    private volatile boolean listens;

    void started(@ObservesAsync HttpsServerStart event) {
        listens = true;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("https").status(listens).build();
    }
}
