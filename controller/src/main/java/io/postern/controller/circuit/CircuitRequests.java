package io.postern.controller.circuit;

import com.google.protobuf.ByteString;
import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.Incoming;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.controller.token.SessionTokens;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Request;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Response;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routers' wishes for circuits: with a Session (V2), with an API Session alone (V3), and of their own tunnelers. Each
 * is answered once, by a circuit or by a refusal that says why. Source: fabric sheet 1.6.
 */
@Singleton
public class CircuitRequests implements ControlFeature {
    private final CircuitOpener opener;
    private final Circuits circuits;
    private final ModelFeed feed;
    private final SessionTokens tokens;
    private final NetworkLoop network;
    private final CircuitEvents events;

    CircuitRequests(
            CircuitOpener opener,
            Circuits circuits,
            ModelFeed feed,
            SessionTokens tokens,
            NetworkLoop network,
            CircuitEvents events) {
        this.opener = opener;
        this.circuits = circuits;
        this.feed = feed;
        this.tokens = tokens;
        this.network = network;
        this.events = events;
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.onFrame(
                ContentType.CREATE_CIRCUIT_V2,
                frame -> read(frame, true),
                incoming -> ofClient(incoming, ContentType.CREATE_CIRCUIT_V2_RESPONSE));
        handlers.onFrame(
                ContentType.CREATE_CIRCUIT_V3,
                frame -> read(frame, false),
                incoming -> ofClient(incoming, ContentType.CREATE_CIRCUIT_V3_RESPONSE));
        handlers.on(ContentType.CREATE_TUNNEL_CIRCUIT_V2, CreateTunnelCircuitV2Request.parser(), this::ofTunneler);
    }

    private DialPermit.Request read(Frame frame, boolean withSession) {
        CreateCircuit message = CreateCircuit.read(frame);
        String session = message.sessionToken();
        return new DialPermit.Request(
                message,
                withSession,
                session == null || !withSession ? java.util.Optional.empty() : tokens.serviceSession(session),
                tokens.apiSession(message.apiSessionToken()));
    }

    private void ofClient(Incoming<DialPermit.Request> incoming, int responseType) {
        Stages stages = new Stages(incoming.arrivedNanos());
        String circuitId = circuitId(incoming.message().message().circuitId());
        switch (DialPermit.ofClient(feed.model(), incoming.message(), incoming.routerId())) {
            case DialPermit.Denied denied -> denyAfterRefresh(incoming, responseType, stages, circuitId, denied);
            case DialPermit.Permitted permitted -> open(incoming, responseType, stages, circuitId, permitted);
        }
    }

    /** A policy written a moment ago may not have been read yet: a no is only said over the newest model. */
    private void denyAfterRefresh(
            Incoming<DialPermit.Request> incoming,
            int responseType,
            Stages stages,
            String circuitId,
            DialPermit.Denied denied) {
        feed.refresh()
                .whenComplete((index, failure) -> network.run(() -> {
                    switch (DialPermit.ofClient(feed.model(), incoming.message(), incoming.routerId())) {
                        case DialPermit.Denied still -> deny(incoming, stages, circuitId, still);
                        case DialPermit.Permitted permitted ->
                            open(incoming, responseType, stages, circuitId, permitted);
                    }
                }));
    }

    private void deny(Incoming<?> incoming, Stages stages, String circuitId, DialPermit.Denied denied) {
        events.failed(
                circuitId, incoming.routerId(), denied.identityId(), denied.serviceId(), denied.failure(), stages);
        refuse(incoming, circuitId, denied.failure());
    }

    private String circuitId(@Nullable String proposed) {
        boolean usable = proposed != null
                && CircuitIds.isPlausible(proposed)
                && circuits.find(proposed).isEmpty()
                && !opener.isPending(proposed);
        return usable && proposed != null ? proposed : CircuitIds.next();
    }

    private void open(
            Incoming<DialPermit.Request> incoming,
            int responseType,
            Stages stages,
            String circuitId,
            DialPermit.Permitted permitted) {
        stages.permitted();
        DialPermit.Request request = incoming.message();
        String instanceId = request.message().instanceId();
        Map<String, String> context = context(circuitId, permitted.service(), instanceId);
        request.session().ifPresent(session -> context.put("sessionId", session.tokenId()));
        request.apiSession().ifPresent(session -> context.put("apiSessionId", session.apiSessionId()));
        opener.open(new Dial(
                incoming.from(),
                circuitId,
                permitted.identity(),
                permitted.service(),
                instanceId,
                verified(request.message().peerData(), permitted.identity()),
                context,
                stages,
                new ClientAnswer(incoming, circuitId, responseType)));
    }

    private static Map<String, String> context(String circuitId, Entry.Service service, String instanceId) {
        Map<String, String> context = new LinkedHashMap<>();
        context.put("circuitId", circuitId);
        context.put("serviceId", instanceId.isEmpty() ? service.id() : instanceId + "@" + service.id());
        context.put("attemptNumber", "1");
        return context;
    }

    /** Where the router says who dials, the token's word replaces it. */
    private static Map<Integer, byte[]> verified(Map<Integer, byte[]> peerData, Entry.Identity identity) {
        Map<Integer, byte[]> verified = new HashMap<>(peerData);
        verified.computeIfPresent(
                Header.PEER_DIALER_IDENTITY_ID, (id, claimed) -> identity.id().getBytes(StandardCharsets.UTF_8));
        verified.computeIfPresent(
                Header.PEER_DIALER_IDENTITY_NAME,
                (id, claimed) -> identity.name().getBytes(StandardCharsets.UTF_8));
        return verified;
    }

    private void ofTunneler(Incoming<CreateTunnelCircuitV2Request> incoming) {
        Stages stages = new Stages(incoming.arrivedNanos());
        String circuitId = CircuitIds.next();
        CreateTunnelCircuitV2Request request = incoming.message();
        switch (DialPermit.ofTunneler(feed.model(), incoming.routerId(), request.getServiceName())) {
            case DialPermit.Denied denied -> deny(incoming, stages, circuitId, denied);
            case DialPermit.Permitted permitted -> {
                stages.permitted();
                Map<Integer, byte[]> peerData = new HashMap<>();
                request.getPeerDataMap().forEach((id, value) -> peerData.put(id, value.toByteArray()));
                opener.open(new Dial(
                        incoming.from(),
                        circuitId,
                        permitted.identity(),
                        permitted.service(),
                        request.getTerminatorInstanceId(),
                        peerData,
                        context(circuitId, permitted.service(), request.getTerminatorInstanceId()),
                        stages,
                        new TunnelAnswer(incoming, circuitId)));
            }
        }
    }

    private static void refuse(Incoming<?> incoming, String circuitId, DialFailure failure) {
        FrameBuilder refusal = incoming.reply(ContentType.ERROR)
                .i32(Header.ERROR_CODE, failure.code().number())
                .i32(Header.ERROR_RETRY_HINT, failure.hint().number())
                .string(Header.CIRCUIT_ID, circuitId);
        if (failure.mayDifferElsewhere()) {
            refusal.bool(Header.ASK_ANOTHER, true);
        }
        // the cause is the word that the log and the metric have, too
        incoming.from().send(refusal.body(failure.text() + " [" + failure.cause() + "]"));
    }

    private record ClientAnswer(Incoming<?> incoming, String circuitId, int responseType) implements Dial.Answer {
        @Override
        public void created(LiveCircuit circuit, Map<Integer, byte[]> peerData, Map<String, String> tags) {
            FrameBuilder reply = incoming.reply(responseType)
                    .string(Header.CIRCUIT_RESPONSE_ID, circuit.circuitId())
                    .string(Header.CIRCUIT_RESPONSE_ADDRESS, circuit.ends().ingress())
                    .byteMap(Header.CIRCUIT_PEER_DATA, peerData)
                    .stringMap(Header.CIRCUIT_RESPONSE_TAGS, tags);
            incoming.from().send(reply);
        }

        @Override
        public void refused(DialFailure failure) {
            refuse(incoming, circuitId, failure);
        }
    }

    private record TunnelAnswer(Incoming<?> incoming, String circuitId) implements Dial.Answer {
        @Override
        public void created(LiveCircuit circuit, Map<Integer, byte[]> peerData, Map<String, String> tags) {
            CreateTunnelCircuitV2Response.Builder response = CreateTunnelCircuitV2Response.newBuilder()
                    .setCircuitId(circuit.circuitId())
                    .setAddress(circuit.ends().ingress())
                    .putAllTags(tags);
            peerData.forEach((id, value) -> response.putPeerData(id, ByteString.copyFrom(value)));
            incoming.from()
                    .send(incoming.reply(ContentType.CREATE_TUNNEL_CIRCUIT_V2_RESPONSE)
                            .body(response.build().toByteArray()));
        }

        @Override
        public void refused(DialFailure failure) {
            refuse(incoming, circuitId, failure);
        }
    }
}
