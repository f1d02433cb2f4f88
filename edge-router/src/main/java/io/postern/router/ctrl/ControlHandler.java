package io.postern.router.ctrl;

import io.postern.wire.Frame;

/** Takes messages of one content type from any controller; called on that control channel's loop, owns the frame. */
@FunctionalInterface
public interface ControlHandler {
    void frame(ControlPeer from, Frame frame);
}
