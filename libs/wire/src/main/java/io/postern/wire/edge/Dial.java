package io.postern.wire.edge;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Tells a host that somebody dials. Content type 60787, router to client; body is exactly the token of the host's Bind.
 * The crypto method is never passed on. Source: SDK sheet 5.5.
 *
 * @param bindConnId the connection id of the Bind
 * @param newConnId the id of the new connection, 2^31 or more; absent when the host chooses its own
 * @param callerId always written, if only empty
 */
public record Dial(
        int bindConnId,
        String sessionToken,
        @Nullable Integer newConnId,
        String callerId,
        @Nullable String circuitId,
        byte @Nullable [] publicKey,
        byte @Nullable [] appData,
        @Nullable String connectionMarker,
        @Nullable String dialerIdentityId,
        @Nullable String dialerIdentityName) {

    /** @throws MalformedFrame without connection id */
    public static Dial read(Frame frame) {
        String caller = frame.string(Header.CALLER_ID);
        return new Dial(
                EdgeMessages.connId(frame),
                frame.bodyText(),
                frame.has(Header.ROUTER_PROVIDED_CONN_ID) ? frame.i32(Header.ROUTER_PROVIDED_CONN_ID, 0) : null,
                caller == null ? "" : caller,
                frame.string(Header.CIRCUIT_ID),
                frame.bytes(Header.PUBLIC_KEY),
                frame.bytes(Header.APP_DATA),
                frame.string(Header.CONNECTION_MARKER),
                frame.string(Header.DIALER_IDENTITY_ID),
                frame.string(Header.DIALER_IDENTITY_NAME));
    }

    public FrameBuilder frame() {
        FrameBuilder frame = FrameBuilder.of(ContentType.DIAL).i32(Header.CONN_ID, bindConnId);
        if (newConnId != null) {
            frame.i32(Header.ROUTER_PROVIDED_CONN_ID, newConnId);
        }
        return frame.string(Header.CALLER_ID, callerId)
                .optional(Header.CIRCUIT_ID, circuitId)
                .optional(Header.PUBLIC_KEY, publicKey)
                .optional(Header.APP_DATA, appData)
                .optional(Header.CONNECTION_MARKER, connectionMarker)
                .optional(Header.DIALER_IDENTITY_ID, dialerIdentityId)
                .optional(Header.DIALER_IDENTITY_NAME, dialerIdentityName)
                .body(sessionToken);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Dial connId=" + Integer.toUnsignedString(bindConnId) + " circuitId=" + circuitId;
    }
}
