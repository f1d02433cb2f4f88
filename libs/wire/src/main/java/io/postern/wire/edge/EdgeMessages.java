package io.postern.wire.edge;

import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;

/** What readers of edge messages share. */
final class EdgeMessages {
    private EdgeMessages() {}

    /** @throws MalformedFrame without a connection id of four bytes */
    static int connId(Frame frame) {
        byte[] value = frame.bytes(Header.CONN_ID);
        if (value == null || value.length != 4) {
            throw new MalformedFrame("content type " + frame.contentType() + " without a connection id");
        }
        return frame.i32(Header.CONN_ID, 0);
    }
}
