package io.postern.router.ctrl;

import io.postern.transport.ChannelClosed;
import io.postern.transport.RequestTimeout;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** All controllers this router knows. Any thread. */
public interface Controllers {
    /** Asks the best connected controller; fails with {@link ChannelClosed} (also when none is connected) or {@link RequestTimeout}. */
    CompletionStage<Frame> request(FrameBuilder frame, Duration timeout);

    /** To the best connected controller; dropped when none is. */
    void send(FrameBuilder frame);

    /** By id, for what belongs to the controller that made it. Empty when it was never met. */
    Optional<ControlPeer> byId(String controllerId);

    /** The best connected one: most responsive, the leader among equals. */
    Optional<ControlPeer> best();

    /** All that are connected now. */
    List<ControlPeer> connectedPeers();

    /** One handler per content type, registered before the first dial. */
    void on(int contentType, ControlHandler handler);

    /** Id of {@link #best()}, or empty text. */
    default String controllerId() {
        return best().map(ControlPeer::controllerId).orElse("");
    }

    default boolean connected() {
        return best().isPresent();
    }

    /** Called on the control channel's loop after each successful hello, reconnects included. */
    void onConnected(Consumer<ControlPeer> listener);

    void onDisconnected(Consumer<ControlPeer> listener);

    /**
     * What Inspect asks for by name, as JSON or text.
     *
     * @param value called off the control loop's hot path, may answer empty
     */
    void inspect(String name, java.util.function.Supplier<String> value);
}
