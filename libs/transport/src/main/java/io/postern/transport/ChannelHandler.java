package io.postern.transport;

import io.postern.wire.Frame;
import java.time.Duration;

/** What happens on a Channel; called on its loop. */
public interface ChannelHandler {
    /** Once, first, before any frame. */
    default void opened(Channel channel) {}

    /** The handler owns the frame and releases it. {@link io.postern.wire.MalformedFrame} thrown from here closes the channel. */
    void frame(Channel channel, Frame frame);

    default void writable(Channel channel, boolean writable) {}

    /** A heartbeat came back after so long. */
    default void latency(Channel channel, Duration roundTrip) {}

    /** Once, last. */
    default void closed(Channel channel, CloseCause cause) {}
}
