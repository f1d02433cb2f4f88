package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * A connection or a bind stands. Content type 60784, router to client, as a reply to Connect, Bind or DialSuccess; before
 * any Data of that connection. Source: SDK sheet 5.4, 5.5.
 *
 * @param publicKey of the host, when it gave one
 * @param routerConnId says that the router will choose connection ids
 */
public record StateConnected(
        int connId,
        @Nullable String circuitId,
        byte @Nullable [] publicKey,
        byte @Nullable [] stickinessToken,
        boolean routerConnId) {

    public static StateConnected of(int connId) {
        return new StateConnected(connId, null, null, null, false);
    }

    /** @throws MalformedFrame without connection id */
    public static StateConnected read(Frame frame) {
        return new StateConnected(
                EdgeMessages.connId(frame),
                frame.string(Header.CIRCUIT_ID),
                frame.bytes(Header.PUBLIC_KEY),
                frame.bytes(Header.STICKINESS_TOKEN),
                frame.bool(Header.ROUTER_PROVIDED_CONN_ID));
    }

    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.STATE_CONNECTED)
                .i32(Header.CONN_ID, connId)
                .optional(Header.CIRCUIT_ID, circuitId)
                .optional(Header.PUBLIC_KEY, publicKey)
                .optional(Header.STICKINESS_TOKEN, stickinessToken);
        return routerConnId ? frame.bool(Header.ROUTER_PROVIDED_CONN_ID, true) : frame;
    }
}
