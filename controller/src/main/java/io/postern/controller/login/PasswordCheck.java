package io.postern.controller.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.pki.Passwords;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks passwords off the event loop, a few at a time: one hash takes 19 MB. Unknown names cost the same time as known
 * ones, and a name with many wrong tries has to wait.
 */
@Singleton
class PasswordCheck {
    private static final int AT_ONCE = 4;
    private static final int MOST_WAITING = 64;
    private static final int MOST_FAILURES = 10;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);
    private static final String NOBODY = Passwords.hash(Passwords.generate());

    private final Semaphore running = new Semaphore(AT_ONCE, true);
    private final AtomicInteger waiting = new AtomicInteger();
    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(FORGOTTEN_AFTER)
            .build();

    /** @param hash empty for an unknown name */
    Uni<Boolean> verify(String username, String password, String hash) {
        AtomicInteger failed = failures.getIfPresent(username);
        if (failed != null && failed.get() >= MOST_FAILURES) {
            return Uni.createFrom()
                    .failure(Refusal.of(ErrorCode.RATE_LIMITED, "too many failed logins, try again in a minute"));
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Uni.createFrom().failure(Refusal.of(ErrorCode.SERVER_TOO_MANY_REQUESTS));
        }
        Context context = Vertx.currentContext();
        Uni<Boolean> check = Uni.createFrom()
                .item(() -> hashed(password, hash.isEmpty() ? NOBODY : hash))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onTermination()
                .invoke(waiting::decrementAndGet)
                .invoke(holds -> count(username, holds));
        return context == null ? check : check.emitOn(task -> context.runOnContext(go -> task.run()));
    }

    private boolean hashed(String password, String hash) {
        running.acquireUninterruptibly();
        try {
            return Passwords.verify(password, hash);
        } finally {
            running.release();
        }
    }

    private void count(String username, boolean holds) {
        if (holds) {
            failures.invalidate(username);
        } else {
            failures.get(username, name -> new AtomicInteger()).incrementAndGet();
        }
    }
}
