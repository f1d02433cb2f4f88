package io.postern.wire.xgress;

import io.netty.util.AsciiString;
import io.postern.wire.FrameBuilder;

/** What travels along a Circuit, on Links and on SDK channels with SDK flow control. Fabric sheet 5.1. */
public sealed interface XgressMessage permits Payload, Acknowledgement, Control, XgressClose {
    /** The Circuit it belongs to: opaque ASCII text. */
    AsciiString circuitId();

    /** The message as a frame; a body's ownership passes to the frame. */
    FrameBuilder frame();

    /** Gives the message up unsent or unread. */
    default void release() {}
}
