package io.postern.wire.edge;

import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;

/** What readers of edge messages share. */
final class EdgeMessages {
    private EdgeMessages() {}

    /** @throws MalformedFrame without a connection id; asked for every Data, so without making objects */
    static int connId(Frame frame) {
        int connId = frame.i32(Header.CONN_ID, 0);
        if (connId == 0 && frame.i32(Header.CONN_ID, 1) == 1) {
            throw new MalformedFrame("content type " + frame.contentType() + " without a connection id");
        }
        return connId;
    }
}
