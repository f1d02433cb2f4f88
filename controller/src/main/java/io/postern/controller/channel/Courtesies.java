package io.postern.controller.channel;

import io.postern.controller.replica.Replica;
import io.postern.controller.replica.ReplicaSet;
import io.postern.controller.replica.Replicas;
import io.postern.wire.ContentType;
import io.postern.wire.ctrl.pb.CtrlDetail;
import io.postern.wire.ctrl.pb.CtrlEndpoint;
import io.postern.wire.ctrl.pb.InspectRequest;
import io.postern.wire.ctrl.pb.InspectResponse;
import io.postern.wire.ctrl.pb.UpdateCtrlAddresses;
import jakarta.inject.Singleton;

/**
 * Small talk: where the controllers are, answers to Ping, Inspect and maintenance requests, and messages that are heard and
 * need nothing done. Source: fabric sheet 1.1, 1.2.
 */
@Singleton
public class Courtesies implements ControlFeature {
    private static final int[] ANSWERED_YES = {
        ContentType.PING, ContentType.UPDATE_ROUTER_INTERFACES, ContentType.DECOMMISSION
    };
    private static final int[] ONLY_HEARD = {
        ContentType.TRACE_EVENT,
        ContentType.ALERTS,
        ContentType.API_SESSION_HEARTBEAT,
        ContentType.VALIDATE_SESSIONS,
        ContentType.HEALTH_EVENT_REQUEST,
        ContentType.TUNNEL_HEALTH_EVENT
    };

    private final Replicas replicas;
    private final Connections connections;

    Courtesies(Replicas replicas, Connections connections) {
        this.replicas = replicas;
        this.connections = connections;
        replicas.listen((before, now) -> {
            if (now.version() != before.version()) {
                connections.connected().forEach(each -> addresses(each, now));
            }
        });
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
        addresses(router, replicas.known());
    }

    /** None leads: each speaks for all, so that routers believe any of them that one has left. */
    private static void addresses(RouterConnection router, ReplicaSet controllers) {
        if (controllers.own().isEmpty()) {
            return; // said when this one has joined: a set without it would have the router hang up
        }
        UpdateCtrlAddresses.Builder update =
                UpdateCtrlAddresses.newBuilder().setIndex(controllers.version()).setIsLeader(true);
        for (Replica each : controllers.all()) {
            update.addAddresses(each.controlAddress())
                    .addControllers(CtrlDetail.newBuilder()
                            .setId(each.id())
                            .addEndpoints(CtrlEndpoint.newBuilder().setAddress(each.controlAddress())));
        }
        router.send(ContentType.UPDATE_CTRL_ADDRESSES, update.build());
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
