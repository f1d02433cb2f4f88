package io.postern.controller.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts and timings of API Sessions, Sessions and enrollments, named by the field's terms. */
@Singleton
public class AccessMetrics {
    private final MeterRegistry registry;
    private final Timer authentication;
    private final Map<String, Counter> created = new ConcurrentHashMap<>();
    private final AtomicLong apiSessions = new AtomicLong();
    private final AtomicLong sessions = new AtomicLong();

    AccessMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.authentication = registry.timer("postern.api.session.authentication");
        registry.gauge("postern.api.sessions", apiSessions);
        registry.gauge("postern.sessions", sessions);
        countFromTheStart();
    }

    /** A counter that comes into being with its first event hides that event: nothing was there to grow. */
    private void countFromTheStart() {
        for (String method : List.of("cert", "updb")) {
            registry.counter("postern.api.session.created", "method", method);
        }
        for (String method : List.of("cert", "password")) {
            registry.counter("postern.api.session.refused", "method", method);
        }
        registry.counter("postern.api.session.ended");
        for (String type : List.of("Dial", "Bind")) {
            registry.counter("postern.session.created", "type", type);
            registry.counter("postern.session.denied", "type", type);
        }
        for (String method : List.of("ott", "erott")) {
            registry.counter("postern.enrollment.completed", "method", method);
        }
    }

    /** How many there are, as far as they are rows; counted now and then. Between two counts this controller's own are followed. */
    void live(long apiSessionCount, long sessionCount) {
        apiSessions.set(apiSessionCount);
        sessions.set(sessionCount);
    }

    /** @param method cert or updb */
    public void apiSessionCreated(String method, Duration took) {
        created.computeIfAbsent(method, name -> registry.counter("postern.api.session.created", "method", name))
                .increment();
        apiSessions.incrementAndGet();
        authentication.record(took);
    }

    /** @param method cert or password */
    public void authenticationRefused(String method) {
        registry.counter("postern.api.session.refused", "method", method).increment();
    }

    public void apiSessionEnded() {
        registry.counter("postern.api.session.ended").increment();
        apiSessions.updateAndGet(count -> Math.max(0, count - 1));
    }

    /** @param type Dial or Bind */
    public void sessionCreated(String type) {
        registry.counter("postern.session.created", "type", type).increment();
    }

    /** @param type Dial or Bind */
    public void sessionDenied(String type) {
        registry.counter("postern.session.denied", "type", type).increment();
    }

    /** @param method ott or erott */
    public void enrolled(String method) {
        registry.counter("postern.enrollment.completed", "method", method).increment();
    }
}
