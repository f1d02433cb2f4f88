package io.postern.controller.front;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who takes connections that negotiated the control protocol. The channel that is handed over has completed TLS, has the TLS
 * handler alone in its pipeline, and is on its own event loop. Any thread may register.
 *
 * <p>Kept with Vert.x, because under {@code quarkus:dev} that and the HTTP server outlive the application: connections of the
 * server that the first one started must reach whoever runs now.
 */
@Singleton
public class Handover {
    /** ALPN of the control channel. */
    public static final String CONTROL = "ziti-ctrl";

    private final LocalMap<String, Shareable> shared;

    Handover(Vertx vertx) {
        this.shared = vertx.sharedData().getLocalMap("postern.handover");
    }

    private record Taker(Consumer<Channel> to) implements Consumer<Channel>, Shareable {
        @Override
        public void accept(Channel channel) {
            to.accept(channel);
        }
    }

    /** Takes control connections from now on; without a taker they are closed. */
    public void control(Consumer<Channel> taker) {
        shared.put(CONTROL, new Taker(taker));
    }

    /** Any consumer, for a later application's {@link Taker} is of another class. */
    @SuppressWarnings("unchecked")
    Optional<Consumer<Channel>> taker() {
        return Optional.ofNullable((Consumer<Channel>) shared.get(CONTROL));
    }
}
