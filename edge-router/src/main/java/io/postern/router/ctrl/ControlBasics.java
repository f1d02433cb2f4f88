package io.postern.router.ctrl;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postern.transport.Address;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.MalformedFrame;
import io.postern.wire.ctrl.pb.CtrlDetail;
import io.postern.wire.ctrl.pb.InspectRequest;
import io.postern.wire.ctrl.pb.InspectResponse;
import io.postern.wire.ctrl.pb.UpdateCtrlAddresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Messages that concern the control channel itself: where controllers are, who leads, what this router is asked to show. */
final class ControlBasics {
    private static final Logger LOG = Logger.getLogger(ControlBasics.class);

    private final ControlPlane plane;
    private long addressesIndex;

    ControlBasics(ControlPlane plane) {
        this.plane = plane;
    }

    void register() {
        plane.on(ContentType.UPDATE_CTRL_ADDRESSES, releasing(this::addresses));
        plane.on(
                ContentType.UPDATE_CLUSTER_LEADER, releasing((from, frame) -> plane.leader(from.controllerId(), true)));
        plane.on(ContentType.INSPECT_REQUEST, releasing(this::inspect));
        plane.on(ContentType.SETTINGS, releasing((from, frame) -> {}));
        plane.on(ContentType.QUIESCE, releasing(ControlBasics::agree));
        plane.on(ContentType.DEQUIESCE, releasing(ControlBasics::agree));
        plane.inspect("router-controllers", plane::describe);
    }

    private static ControlHandler releasing(ControlHandler handler) {
        return (from, frame) -> {
            try {
                handler.frame(from, frame);
            } finally {
                frame.release();
            }
        };
    }

    private static void agree(ControlPeer from, Frame frame) {
        from.send(FrameBuilder.result(frame, true, ""));
    }

    private synchronized void addresses(ControlPeer from, Frame frame) {
        UpdateCtrlAddresses update;
        try {
            update = UpdateCtrlAddresses.parseFrom(frame.body().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("UpdateCtrlAddresses: " + e.getMessage());
        }
        plane.leader(from.controllerId(), update.getIsLeader());
        if (addressesIndex != 0 && update.getIndex() <= addressesIndex) {
            return;
        }
        Map<String, List<Address>> controllers = new LinkedHashMap<>();
        for (CtrlDetail detail : update.getControllersList()) {
            List<Address> addresses = new ArrayList<>();
            detail.getEndpointsList().forEach(endpoint -> parse(endpoint.getAddress(), addresses));
            if (!addresses.isEmpty()) {
                controllers.put(detail.getId(), addresses);
            }
        }
        if (controllers.isEmpty()) {
            return;
        }
        addressesIndex = update.getIndex();
        plane.update(controllers, update.getIsLeader());
    }

    private static void parse(String text, List<Address> addresses) {
        try {
            addresses.add(Address.parse(text));
        } catch (IllegalArgumentException e) {
            LOG.warnf("ctrl.address.unusable cause=%s", e.getMessage());
        }
    }

    private void inspect(ControlPeer from, Frame frame) {
        InspectRequest request;
        try {
            request = InspectRequest.parseFrom(frame.body().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("InspectRequest: " + e.getMessage());
        }
        InspectResponse.Builder response = InspectResponse.newBuilder().setSuccess(true);
        for (String name : request.getRequestedValuesList()) {
            Supplier<String> value = plane.inspections().get(name);
            if (value != null) {
                response.addValues(
                        InspectResponse.InspectValue.newBuilder().setName(name).setValue(value.get()));
            }
        }
        from.send(FrameBuilder.reply(ContentType.INSPECT_RESPONSE, frame)
                .body(response.build().toByteArray()));
    }
}
