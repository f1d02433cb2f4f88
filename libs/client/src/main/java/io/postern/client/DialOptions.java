package io.postern.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to dial.
 *
 * @param timeout for everything: session, channel, circuit, the host's answer
 * @param instance identity of one terminator among a service's; null for any
 * @param appData handed to the host as it is; empty for none
 */
public record DialOptions(Duration timeout, @Nullable String instance, byte[] appData) {
    /** Any terminator, nothing for the host, within 15 seconds. */
    public static final DialOptions DEFAULT = new DialOptions(Duration.ofSeconds(15), null, new byte[0]);

    /** @param value for the whole dial, not for the connection that comes of it */
    public DialOptions withTimeout(Duration value) {
        return new DialOptions(value, instance, appData);
    }

    public DialOptions withInstance(String value) {
        return new DialOptions(timeout, value, appData);
    }

    /** @param value is copied */
    public DialOptions withAppData(byte[] value) {
        return new DialOptions(timeout, instance, value.clone());
    }
}
