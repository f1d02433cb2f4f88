package io.postern.controller.channel;

import io.postern.wire.ContentType;
import io.postern.wire.ctrl.pb.CtrlDetail;
import io.postern.wire.ctrl.pb.CtrlEndpoint;
import io.postern.wire.ctrl.pb.InspectRequest;
import io.postern.wire.ctrl.pb.InspectResponse;
import io.postern.wire.ctrl.pb.UpdateCtrlAddresses;
import jakarta.inject.Singleton;

/**
 * Small talk: where the controller is, answers to Ping, Inspect and maintenance requests, and messages that are heard and
 * need nothing done. Source: fabric sheet 1.1, 1.2.
 */
@Singleton
public class Courtesies implements ControlFeature {
    /** Routers follow the highest index; a later start of the controller outbids an earlier one. */
    private static final long ADDRESS_INDEX = System.currentTimeMillis() / 1000;

    private static final int[] ANSWERED_YES = {
        ContentType.PING,
        ContentType.UPDATE_ROUTER_INTERFACES,
        ContentType.QUIESCE,
        ContentType.DEQUIESCE,
        ContentType.DECOMMISSION
    };
    private static final int[] ONLY_HEARD = {
        ContentType.TRACE_EVENT,
        ContentType.ALERTS,
        ContentType.API_SESSION_HEARTBEAT,
        ContentType.VALIDATE_SESSIONS,
        ContentType.HEALTH_EVENT_REQUEST,
        ContentType.TUNNEL_HEALTH_EVENT
    };

    private final ControllerSelf self;
    private final Connections connections;

    Courtesies(ControllerSelf self, Connections connections) {
        this.self = self;
        this.connections = connections;
    }

    @Override
    public void register(ControlHandlers handlers) {
        for (int type : ANSWERED_YES) {
            handlers.onFrame(type, frame -> frame.contentType(), ping -> ping.result(true, "success"));
        }
        for (int type : ONLY_HEARD) {
            handlers.onFrame(type, frame -> frame.contentType(), heard -> {});
        }
        handlers.onFrame(ContentType.REQUEST_CLUSTER_MEMBERS, frame -> "", request -> connected(request.from()));
        handlers.on(ContentType.INSPECT_REQUEST, InspectRequest.parser(), this::inspect);
    }

    @Override
    public void connected(RouterConnection router) {
        router.send(
                ContentType.UPDATE_CTRL_ADDRESSES,
                UpdateCtrlAddresses.newBuilder()
                        .addAddresses(self.controlAddress())
                        .setIndex(ADDRESS_INDEX)
                        .setIsLeader(true)
                        .addControllers(CtrlDetail.newBuilder()
                                .setId(self.id())
                                .addEndpoints(CtrlEndpoint.newBuilder().setAddress(self.controlAddress())))
                        .build());
    }

    private void inspect(Incoming<InspectRequest> request) {
        InspectResponse.Builder response = InspectResponse.newBuilder().setSuccess(true);
        for (String name : request.message().getRequestedValuesList()) {
            if (name.equals("connected-routers")) {
                StringBuilder ids = new StringBuilder("[");
                connections
                        .connected()
                        .forEach(each -> ids.append(ids.length() > 1 ? "," : "")
                                .append('"')
                                .append(each.routerId())
                                .append('"'));
                response.addValues(InspectResponse.InspectValue.newBuilder()
                        .setName(name)
                        .setValue(ids.append(']').toString()));
            }
        }
        request.from()
                .send(request.reply(ContentType.INSPECT_RESPONSE)
                        .body(response.build().toByteArray()));
    }
}
