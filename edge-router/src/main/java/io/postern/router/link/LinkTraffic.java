package io.postern.router.link;

import io.postern.transport.Channel;
import io.postern.wire.Frame;

/** Who takes what Links carry: the Circuits. Called on the Link's loop. */
public interface LinkTraffic {
    /** Content types 1100 to 1103; the receiver owns the frame. */
    void received(String linkId, Frame frame);

    /** The Link takes frames again, or no more for now. */
    default void writable(String linkId, boolean writable) {}

    /** A Link is up. */
    default void up(String linkId, Channel channel) {}

    /** A Link is gone for good, or was replaced. */
    default void down(String linkId) {}
}
