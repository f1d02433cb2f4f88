package io.postern.wire.ctrl;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.HeaderValues;
import io.postern.wire.MalformedFrame;
import java.util.Map;

/**
 * A circuit stands: every router of its path has answered. Content type 20219, or 20223 for a V3 request; controller to
 * router, as a reply. Source: fabric sheet 1.6.
 *
 * @param address of the initiating end
 * @param peerData what the hosting side said; stock controllers let keys 1 and 1101 slip in, which mean nothing
 * @param tags clientId, hostId, serviceId
 */
public record CircuitCreated(
        String circuitId, String address, Map<Integer, byte[]> peerData, Map<String, String> tags) {

    /** @throws MalformedFrame without circuit id or address */
    public static CircuitCreated read(Frame frame) {
        String circuitId = frame.string(Header.CIRCUIT_RESPONSE_ID);
        String address = frame.string(Header.CIRCUIT_RESPONSE_ADDRESS);
        if (circuitId == null || address == null) {
            throw new MalformedFrame("circuit response without circuit id or address");
        }
        return new CircuitCreated(
                circuitId,
                address,
                HeaderValues.byteMap(frame.bytes(Header.CIRCUIT_PEER_DATA)),
                HeaderValues.stringMap(frame.bytes(Header.CIRCUIT_RESPONSE_TAGS)));
    }

    /** @param request a CreateCircuit of either version */
    public FrameBuilder reply(Frame request) {
        return FrameBuilder.reply(request.contentType() + 1, request)
                .string(Header.CIRCUIT_RESPONSE_ID, circuitId)
                .string(Header.CIRCUIT_RESPONSE_ADDRESS, address)
                .byteMap(Header.CIRCUIT_PEER_DATA, peerData)
                .stringMap(Header.CIRCUIT_RESPONSE_TAGS, tags);
    }

    /** Whether the frame is one; what else answers a CreateCircuit is a {@link CircuitRefused}. */
    public static boolean is(Frame frame) {
        return frame.contentType() == ContentType.CREATE_CIRCUIT_V2_RESPONSE
                || frame.contentType() == ContentType.CREATE_CIRCUIT_V3_RESPONSE;
    }
}
