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
import java.util.function.Supplier;

/** All controllers this router knows. Any thread. */
public interface Controllers {
    /** Asks the best connected controller; fails with {@link ChannelClosed} (also when none is connected) or {@link RequestTimeout}. */
    CompletionStage<Frame> request(FrameBuilder frame, Duration timeout);

    /**
     * As {@link #request}, for what may be asked twice: the next controller is asked when the channel closes before an answer
     * came, and when the one that was asked says that another may know more.
     *
     * @param frame makes the question anew for each
     */
    default CompletionStage<Frame> ask(Supplier<FrameBuilder> frame, Duration timeout) {
        return request(frame.get(), timeout);
    }

    /** To the best connected controller; dropped when none is. */
    void send(FrameBuilder frame);

    /** By id, for what belongs to the controller that made it. Empty when it was never met. */
    Optional<ControlPeer> byId(String controllerId);

    /** The best connected one: most responsive, the leader among equals, then the one that is connected longest. */
    Optional<ControlPeer> best();

    /** All that are connected now, best first. */
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
    void inspect(String name, Supplier<String> value);
}
