package io.postern.observe;

import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * How metrics are handed out. Whoever does not say what he reads gets the text format that every tool knows; OpenMetrics is for
 * those who ask for it.
 */
@Singleton
public class Scraping {
    private static final int BEFORE_ALL = 1000;
    private static final String TEXT = "text/plain;version=0.0.4";

    @Produces
    @Singleton
    MeterFilter cleanMeters() {
        return new CleanMeters();
    }

    void main(@Observes Filters filters) {
        filters.register(Scraping::preferText, BEFORE_ALL);
    }

    void management(@Observes ManagementInterface management) {
        management.router().route().order(-BEFORE_ALL).handler(Scraping::preferText);
    }

    private static void preferText(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.path() != null && request.path().endsWith("/metrics")) {
            String accept = request.getHeader(HttpHeaders.ACCEPT);
            if (accept == null || accept.strip().equals("*/*")) {
                request.headers().set(HttpHeaders.ACCEPT, TEXT);
            }
        }
        context.next();
    }
}
