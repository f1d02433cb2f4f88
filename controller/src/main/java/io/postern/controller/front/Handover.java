package io.postern.controller.front;

import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Who takes connections that negotiated the control protocol. The channel that is handed over has completed TLS, has the TLS
 * handler alone in its pipeline, and is on its own event loop. Any thread may register.
 */
@Singleton
public class Handover {
    /** ALPN of the control channel. */
    public static final String CONTROL = "ziti-ctrl";

    private final AtomicReference<Consumer<Channel>> control = new AtomicReference<>();

    /** Takes control connections from now on; without a taker they are closed. */
    public void control(Consumer<Channel> taker) {
        control.set(taker);
    }

    Optional<Consumer<Channel>> taker() {
        return Optional.ofNullable(control.get());
    }
}
