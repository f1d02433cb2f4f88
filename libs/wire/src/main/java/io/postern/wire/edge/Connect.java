package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Asks a router for a connection to a service. Content type 60783, client to router; body is the dial session token.
 * Source: SDK sheet 5.4.
 *
 * @param publicKey 32 bytes of the dialer, absent when the connection is in the clear
 * @param stickinessToken from an earlier StateConnected
 * @param wantsRouterConnId answered by the same header
 * @param wantsXgress the client would speak xgress itself
 */
public record Connect(
        int connId,
        String sessionToken,
        byte @Nullable [] publicKey,
        @Nullable String terminatorIdentity,
        @Nullable String callerId,
        byte @Nullable [] appData,
        @Nullable String connectionMarker,
        byte @Nullable [] stickinessToken,
        boolean wantsRouterConnId,
        boolean wantsXgress) {

    /** @throws MalformedFrame without connection id */
    public static Connect read(Frame frame) {
        return new Connect(
                EdgeMessages.connId(frame),
                frame.bodyText(),
                frame.bytes(Header.PUBLIC_KEY),
                frame.string(Header.TERMINATOR_IDENTITY),
                frame.string(Header.CALLER_ID),
                frame.bytes(Header.APP_DATA),
                frame.string(Header.CONNECTION_MARKER),
                frame.bytes(Header.STICKINESS_TOKEN),
                frame.bool(Header.ROUTER_PROVIDED_CONN_ID),
                frame.bool(Header.USE_XGRESS_TO_SDK));
    }

    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.CONNECT)
                .i32(Header.CONN_ID, connId)
                .optional(Header.PUBLIC_KEY, publicKey)
                .optional(Header.TERMINATOR_IDENTITY, terminatorIdentity)
                .optional(Header.CALLER_ID, callerId)
                .optional(Header.APP_DATA, appData)
                .optional(Header.CONNECTION_MARKER, connectionMarker)
                .optional(Header.STICKINESS_TOKEN, stickinessToken);
        if (wantsRouterConnId) {
            frame.bool(Header.ROUTER_PROVIDED_CONN_ID, true);
        }
        if (wantsXgress) {
            frame.bool(Header.USE_XGRESS_TO_SDK, true);
        }
        return frame.body(sessionToken);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Connect connId=" + Integer.toUnsignedString(connId);
    }
}
