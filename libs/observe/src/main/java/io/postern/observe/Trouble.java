package io.postern.observe;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that fails at each of many attempts: it is told of when it begins, when its cause is another one, and once a minute,
 * so that a night's outage does not fill the logs. Any thread.
 */
public final class Trouble {
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private @Nullable String cause;
    private long told;

    public Trouble() {
        this(System::nanoTime);
    }

    Trouble(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a failed attempt is to be told of. */
    public synchronized boolean isNews(@Nullable String why) {
        String words = String.valueOf(why);
        long now = nanos.getAsLong();
        if (Objects.equals(words, cause) && now - told < AGAIN_NANOS) {
            return false;
        }
        cause = words;
        told = now;
        return true;
    }

    /** An attempt went well; the next failure is told of. */
    public synchronized void over() {
        cause = null;
    }
}
