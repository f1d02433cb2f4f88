package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Offers to host a service. Content type 60790, client to router; body is the bind session token, which every Dial to this
 * host repeats. Source: SDK sheet 5.5.
 *
 * @param listenerId of any bytes; the same one on a later bind takes the terminator over
 * @param wantsRouterConnId the router chooses the ids of dialled connections
 */
public record Bind(
        int connId,
        String sessionToken,
        byte @Nullable [] publicKey,
        int cost,
        Precedence precedence,
        @Nullable String instanceId,
        byte @Nullable [] instanceSecret,
        byte @Nullable [] listenerId,
        boolean wantsRouterConnId,
        boolean wantsBindSuccess,
        boolean supportsInspect) {

    /** @throws MalformedFrame without connection id */
    public static Bind read(Frame frame) {
        return new Bind(
                EdgeMessages.connId(frame),
                frame.bodyText(),
                frame.bytes(Header.PUBLIC_KEY),
                frame.i32(Header.COST, 0),
                Precedence.of(frame.i32(Header.PRECEDENCE, 0)),
                frame.string(Header.TERMINATOR_IDENTITY),
                frame.bytes(Header.TERMINATOR_IDENTITY_SECRET),
                frame.bytes(Header.LISTENER_ID),
                frame.bool(Header.ROUTER_PROVIDED_CONN_ID),
                frame.bool(Header.SUPPORTS_BIND_SUCCESS),
                frame.bool(Header.SUPPORTS_INSPECT));
    }

    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.BIND)
                .i32(Header.CONN_ID, connId)
                .optional(Header.PUBLIC_KEY, publicKey)
                .optional(Header.TERMINATOR_IDENTITY, instanceId)
                .optional(Header.TERMINATOR_IDENTITY_SECRET, instanceSecret)
                .optional(Header.LISTENER_ID, listenerId);
        if (cost != 0) {
            frame.u16(Header.COST, cost);
        }
        if (precedence != Precedence.DEFAULT) {
            frame.u8(Header.PRECEDENCE, precedence.ordinal());
        }
        if (wantsRouterConnId) {
            frame.bool(Header.ROUTER_PROVIDED_CONN_ID, true);
        }
        if (wantsBindSuccess) {
            frame.bool(Header.SUPPORTS_BIND_SUCCESS, true);
        }
        if (supportsInspect) {
            frame.bool(Header.SUPPORTS_INSPECT, true);
        }
        return frame.body(sessionToken);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Bind connId=" + Integer.toUnsignedString(connId);
    }
}
