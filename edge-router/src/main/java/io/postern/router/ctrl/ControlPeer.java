package io.postern.router.ctrl;

import io.postern.transport.ChannelClosed;
import io.postern.transport.RequestTimeout;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** One controller, connected or not. Any thread. */
public interface ControlPeer {
    /** The id under which the controller answers hellos; owner of Circuits it made. */
    String controllerId();

    boolean connected();

    /** Dropped when not connected. */
    void send(FrameBuilder frame);

    /** The caller releases the reply; fails with {@link ChannelClosed} or {@link RequestTimeout}. */
    CompletionStage<Frame> request(FrameBuilder frame, Duration timeout);

    /** Closes the channel, for what the controller said on it; it is dialled again. The reason is for our log. */
    default void close(String reason) {}
}
