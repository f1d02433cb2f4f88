package io.postern.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to host.
 *
 * @param terminators on how many edge routers at once, at most
 * @param instance identity that dialers can ask for; null for none
 * @param cost 0 to 65535; dialers prefer cheaper terminators
 * @param precedence of this terminator against others of the service
 * @param timeout for the first terminator to exist
 */
public record BindOptions(
        int terminators, @Nullable String instance, int cost, Precedence precedence, Duration timeout) {
    /** On two edge routers, without an instance, at cost 0, within 30 seconds. */
    public static final BindOptions DEFAULT = new BindOptions(2, null, 0, Precedence.DEFAULT, Duration.ofSeconds(30));

    /** In the order of the wire's numbers. */
    public enum Precedence {
        DEFAULT,
        REQUIRED,
        FAILED
    }

    /** @param value edge routers at once, at most */
    public BindOptions withTerminators(int value) {
        return new BindOptions(value, instance, cost, precedence, timeout);
    }

    public BindOptions withInstance(String value) {
        return new BindOptions(terminators, value, cost, precedence, timeout);
    }

    /** @param value 0 to 65535 */
    public BindOptions withCost(int value, Precedence level) {
        return new BindOptions(terminators, instance, value, level, timeout);
    }

    public BindOptions withTimeout(Duration value) {
        return new BindOptions(terminators, instance, cost, precedence, value);
    }
}
