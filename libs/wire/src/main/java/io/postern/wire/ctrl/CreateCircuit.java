package io.postern.wire.ctrl;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.HeaderValues;
import io.postern.wire.MalformedFrame;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a circuit, for a client of this router. Content type 20218 with a session token (V2), or 20222 with identity and
 * service instead (V3); router to controller, answered by {@link CircuitCreated} or {@link CircuitRefused}.
 * Source: fabric sheet 1.6.
 *
 * @param sessionToken the dial session, V2 only
 * @param apiSessionToken the access token of the client's channel
 * @param fingerprints sha1 of every certificate the client presented
 * @param instanceId the terminator instance wanted, or empty
 * @param peerData what the hosting side is to be told
 * @param identityId V3 only
 * @param serviceId V3 only
 * @param circuitId proposed; V3 only
 */
public record CreateCircuit(
        @Nullable String sessionToken,
        String apiSessionToken,
        List<String> fingerprints,
        String instanceId,
        Map<Integer, byte[]> peerData,
        @Nullable String identityId,
        @Nullable String serviceId,
        @Nullable String circuitId) {

    public static CreateCircuit v2(
            String sessionToken,
            String apiSessionToken,
            List<String> fingerprints,
            String instanceId,
            Map<Integer, byte[]> peerData) {
        return new CreateCircuit(sessionToken, apiSessionToken, fingerprints, instanceId, peerData, null, null, null);
    }

    /** @throws MalformedFrame a header value that is no list or map */
    public static CreateCircuit read(Frame frame) {
        return new CreateCircuit(
                filled(frame.string(Header.CIRCUIT_SESSION_TOKEN)),
                text(frame.string(Header.CIRCUIT_API_SESSION_TOKEN)),
                HeaderValues.strings(frame.bytes(Header.CIRCUIT_FINGERPRINTS)),
                text(frame.string(Header.CIRCUIT_TERMINATOR_INSTANCE_ID)),
                HeaderValues.byteMap(frame.bytes(Header.CIRCUIT_PEER_DATA)),
                filled(frame.string(Header.CIRCUIT_IDENTITY_ID)),
                filled(frame.string(Header.CIRCUIT_SERVICE_ID)),
                filled(frame.string(Header.CIRCUIT_PROPOSED_ID)));
    }

    /** V2 when there is a session token. */
    public FrameBuilder frame() {
        return FrameBuilder.of(sessionToken == null ? ContentType.CREATE_CIRCUIT_V3 : ContentType.CREATE_CIRCUIT_V2)
                .optional(Header.CIRCUIT_SESSION_TOKEN, sessionToken)
                .string(Header.CIRCUIT_API_SESSION_TOKEN, apiSessionToken)
                .strings(Header.CIRCUIT_FINGERPRINTS, fingerprints)
                .string(Header.CIRCUIT_TERMINATOR_INSTANCE_ID, instanceId)
                .byteMap(Header.CIRCUIT_PEER_DATA, peerData)
                .optional(Header.CIRCUIT_IDENTITY_ID, identityId)
                .optional(Header.CIRCUIT_SERVICE_ID, serviceId)
                .optional(Header.CIRCUIT_PROPOSED_ID, circuitId);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable String filled(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "CreateCircuit serviceId=" + serviceId + " instanceId=" + instanceId;
    }
}
