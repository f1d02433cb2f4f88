package io.postern.controller.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.authenticator.Passwords;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks passwords of logins. Unknown names cost the same time as known ones, a name with many wrong tries has to wait, and
 * so have logins when many wait already.
 */
@Singleton
class PasswordCheck {
    private static final int MOST_WAITING = 64;
    private static final int MOST_FAILURES = 10;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

    private final Passwords passwords;
    private final String nobody = io.postern.pki.Passwords.hashOfNone();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(FORGOTTEN_AFTER)
            .build();

    PasswordCheck(Passwords passwords) {
        this.passwords = passwords;
    }

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
        return passwords
                .verify(hash.isEmpty() ? nobody : hash, password)
                .onTermination()
                .invoke(waiting::decrementAndGet)
                .invoke(holds -> count(username, holds));
    }

    private void count(String username, boolean holds) {
        if (holds) {
            failures.invalidate(username);
        } else {
            failures.get(username, name -> new AtomicInteger()).incrementAndGet();
        }
    }
}
