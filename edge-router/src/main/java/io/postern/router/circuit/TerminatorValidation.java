package io.postern.router.circuit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postern.router.ctrl.ControlPeer;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.MalformedFrame;
import io.postern.wire.ctrl.pb.RouterTerminatorState;
import io.postern.wire.ctrl.pb.Terminator;
import io.postern.wire.ctrl.pb.TerminatorInvalidReason;
import io.postern.wire.ctrl.pb.ValidateTerminatorsV2Request;
import io.postern.wire.ctrl.pb.ValidateTerminatorsV2Response;
import java.util.Map;

/** Tells controllers which of the Terminators they know are still hosted here. Fabric sheet 1.2, 4.5. */
final class TerminatorValidation {
    private final Map<String, EgressDialer> dialers;

    TerminatorValidation(Map<String, EgressDialer> dialers) {
        this.dialers = dialers;
    }

    void validate(ControlPeer from, Frame frame) {
        try {
            ValidateTerminatorsV2Request request = ValidateTerminatorsV2Request.parseFrom(frame.bodyBytes());
            ValidateTerminatorsV2Response.Builder response = ValidateTerminatorsV2Response.newBuilder();
            for (Terminator terminator : request.getTerminatorsList()) {
                response.putStates(terminator.getId(), state(terminator));
            }
            from.send(FrameBuilder.reply(ContentType.VALIDATE_TERMINATORS_V2_RESPONSE, frame)
                    .body(response.build().toByteArray()));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("ValidateTerminatorsV2Request: " + e.getMessage());
        } finally {
            frame.release();
        }
    }

    /** The marker goes back as it came: it tells a Terminator from a later one of the same id. */
    private RouterTerminatorState state(Terminator terminator) {
        RouterTerminatorState.Builder state = RouterTerminatorState.newBuilder().setMarker(terminator.getMarker());
        EgressDialer dialer = dialers.get(terminator.getBinding());
        if (dialer == null) {
            return state.setReason(TerminatorInvalidReason.UnknownBinding)
                    .setDetail("nothing here dials binding " + terminator.getBinding())
                    .build();
        }
        if (!dialer.hosts(terminator.getAddress())) {
            return state.setReason(TerminatorInvalidReason.UnknownTerminator)
                    .setDetail("not hosted here")
                    .build();
        }
        return state.setValid(true).build();
    }
}
