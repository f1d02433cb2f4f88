package io.postern.wire.ctrl;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.RouteError;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A router did its part of a circuit, or could not. Content type 1022, router to controller, always with the sequence of
 * the Route; body is the circuit id, and every header without another meaning is peer data of the egress.
 * Source: fabric sheet 1.6.
 *
 * @param error absent on success
 */
public record RouteResult(
        String circuitId, int attempt, @Nullable RouteError error, String reason, Map<Integer, byte[]> peerData) {
    private static final Set<Integer> OWN_HEADERS = Set.of(
            Header.REPLY_FOR,
            Header.REFLECTED,
            Header.HEARTBEAT,
            Header.HEARTBEAT_RESPONSE,
            Header.ROUTE_ATTEMPT,
            Header.ROUTE_SUCCESS,
            Header.ROUTE_ERROR,
            Header.ROUTE_ERROR_CODE);

    public static RouteResult success(String circuitId, int attempt, Map<Integer, byte[]> peerData) {
        return new RouteResult(circuitId, attempt, null, "", peerData);
    }

    public static RouteResult failure(String circuitId, int attempt, RouteError error, String reason) {
        return new RouteResult(circuitId, attempt, error, reason, Map.of());
    }

    public static RouteResult read(Frame frame) {
        int attempt = frame.i32(Header.ROUTE_ATTEMPT, 0);
        if (!frame.bool(Header.ROUTE_SUCCESS)) {
            String reason = frame.string(Header.ROUTE_ERROR);
            return failure(
                    frame.bodyText(),
                    attempt,
                    RouteError.of(frame.i32(Header.ROUTE_ERROR_CODE, 0)),
                    reason == null ? "" : reason);
        }
        Map<Integer, byte[]> peerData = new TreeMap<>(frame.headers());
        peerData.keySet().removeAll(OWN_HEADERS);
        return success(frame.bodyText(), attempt, peerData);
    }

    /** @param routeSequence the sequence of the Route this answers */
    public FrameBuilder frame(int routeSequence) {
        FrameBuilder frame = FrameBuilder.of(ContentType.ROUTE_RESULT)
                .replyFor(routeSequence)
                .i32(Header.ROUTE_ATTEMPT, attempt);
        if (error == null) {
            frame.bool(Header.ROUTE_SUCCESS, true);
            peerData.forEach(frame::bytes);
        } else {
            frame.string(Header.ROUTE_ERROR, reason).u8(Header.ROUTE_ERROR_CODE, error.number());
        }
        return frame.body(circuitId);
    }
}
