package io.postern.controller.hosting;

import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.Incoming;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.fabric.path.Precedence;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.ctrl.pb.CreateTerminatorRequest;
import io.postern.wire.ctrl.pb.RemoveTerminatorsRequest;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorRequestV2;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorResponseV2;
import io.postern.wire.edgectrl.pb.UpdateTunnelTerminatorRequest;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Terminators of the routers' own tunnelers, and removals by the router itself. Source: fabric sheet 1.2, 1.3. */
@Singleton
public class RouterHosting implements ControlFeature {
    private static final Logger LOG = Logger.getLogger(RouterHosting.class);

    private final Terminators terminators;
    private final ModelFeed feed;
    private final NetworkLoop network;

    RouterHosting(Terminators terminators, ModelFeed feed, NetworkLoop network) {
        this.terminators = terminators;
        this.feed = feed;
        this.network = network;
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(
                ContentType.CREATE_TUNNEL_TERMINATOR_V2, CreateTunnelTerminatorRequestV2.parser(), this::createTunnel);
        handlers.on(
                ContentType.UPDATE_TUNNEL_TERMINATOR,
                UpdateTunnelTerminatorRequest.parser(),
                update ->
                        terminators.whenKnown(List.of(update.message().getTerminatorId()), () -> updateTunnel(update)));
        // the tunnel's removal has no message of its own: the body is the terminator's id
        handlers.onFrame(
                ContentType.REMOVE_TUNNEL_TERMINATOR,
                frame -> frame.bodyText(),
                removal -> terminators.whenKnown(List.of(removal.message()), () -> removeTunnel(removal)));
        handlers.on(
                ContentType.REMOVE_TERMINATOR,
                io.postern.wire.ctrl.pb.RemoveTerminatorRequest.parser(),
                request -> removeOwn(request, List.of(request.message().getTerminatorId())));
        handlers.on(
                ContentType.REMOVE_TERMINATORS,
                RemoveTerminatorsRequest.parser(),
                request -> removeOwn(request, request.message().getTerminatorIdsList()));
        handlers.on(
                ContentType.UPDATE_TERMINATOR,
                io.postern.wire.ctrl.pb.UpdateTerminatorRequest.parser(),
                update -> terminators.whenKnown(List.of(update.message().getTerminatorId()), () -> updateOwn(update)));
        handlers.on(
                ContentType.CREATE_TERMINATOR,
                CreateTerminatorRequest.parser(),
                request -> request.result(false, "terminators of other bindings are made by the management API"));
    }

    /** A no is only said over the newest model. */
    private void createTunnel(Incoming<CreateTunnelTerminatorRequestV2> incoming) {
        String serviceId = incoming.message().getServiceId();
        if (HostingRights.tunnelRefusal(feed.model(), incoming.routerId(), serviceId)
                .isEmpty()) {
            createTunnelNow(incoming);
        } else {
            feed.refresh().whenComplete((index, failure) -> network.run(() -> createTunnelNow(incoming)));
        }
    }

    private void createTunnelNow(Incoming<CreateTunnelTerminatorRequestV2> incoming) {
        CreateTunnelTerminatorRequestV2 request = incoming.message();
        Optional<HostingRefusal> refusal =
                HostingRights.tunnelRefusal(feed.model(), incoming.routerId(), request.getServiceId());
        if (refusal.isEmpty() && (request.getCost() < 0 || request.getCost() > SdkHosting.MOST_COST)) {
            refusal = Optional.of(HostingRefusal.other(EdgeError.INVALID_COST, "cost exceeds " + SdkHosting.MOST_COST));
        }
        if (refusal.isPresent()) {
            answer(incoming, refusal);
            return;
        }
        terminators
                .create(new Terminators.Wish(
                        request.getAddress(),
                        request.getServiceId(),
                        incoming.routerId(),
                        "tunnel",
                        request.getAddress(),
                        request.getInstanceId(),
                        request.getInstanceSecret().toByteArray(),
                        incoming.routerId(),
                        request.getCost(),
                        Precedence.ofNumber(request.getPrecedenceValue()),
                        SdkHosting.peerData(request.getPeerDataMap())))
                .thenAccept(outcome -> answer(incoming, SdkHosting.refusal(outcome)));
    }

    private static void answer(Incoming<CreateTunnelTerminatorRequestV2> incoming, Optional<HostingRefusal> refusal) {
        CreateTunnelTerminatorResponseV2.Builder response = CreateTunnelTerminatorResponseV2.newBuilder()
                .setTerminatorId(incoming.message().getAddress())
                .setStartTime(incoming.message().getStartTime());
        refusal.ifPresent(no -> {
            LOG.infof(
                    "terminator.refused terminatorId=%s %s code=%s reason=\"%s\"",
                    incoming.message().getAddress(), incoming.from(), no.code(), no.text());
            response.setResult(no.result())
                    .setMsg(no.text())
                    .setErrorCode(no.code().number())
                    .setRetryHint(no.hint().number());
        });
        incoming.from()
                .send(incoming.reply(ContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE)
                        .body(response.build().toByteArray()));
    }

    private Optional<LiveTerminator> own(Incoming<?> incoming, String terminatorId) {
        return terminators.find(terminatorId).filter(each -> each.routerId().equals(incoming.routerId()));
    }

    private void updateTunnel(Incoming<UpdateTunnelTerminatorRequest> incoming) {
        UpdateTunnelTerminatorRequest request = incoming.message();
        Optional<LiveTerminator> own = own(incoming, request.getTerminatorId());
        if (own.isEmpty()) {
            SdkHosting.refuse(
                    incoming,
                    HostingRefusal.other(
                            EdgeError.INVALID_TERMINATOR,
                            "terminator " + request.getTerminatorId() + " is not of this edge router"));
            return;
        }
        change(
                own.get(),
                request.getUpdateCost(),
                request.getCost(),
                request.getUpdatePrecedence(),
                request.getPrecedenceValue());
        incoming.from().send(incoming.reply(ContentType.UPDATE_TUNNEL_TERMINATOR_RESPONSE));
    }

    private void updateOwn(Incoming<io.postern.wire.ctrl.pb.UpdateTerminatorRequest> incoming) {
        var request = incoming.message();
        Optional<LiveTerminator> own = own(incoming, request.getTerminatorId());
        own.ifPresent(terminator -> change(
                terminator,
                request.getUpdateCost(),
                request.getCost(),
                request.getUpdatePrecedence(),
                request.getPrecedenceValue()));
        incoming.result(own.isPresent(), own.isPresent() ? "" : "terminator is not of this edge router");
    }

    private void change(LiveTerminator own, boolean setCost, int cost, boolean setPrecedence, int precedence) {
        terminators.update(
                own,
                setCost ? Math.clamp(cost, 0, SdkHosting.MOST_COST) : null,
                setPrecedence ? Precedence.ofNumber(precedence) : null);
    }

    private void removeTunnel(Incoming<String> incoming) {
        terminators
                .remove(own(incoming, incoming.message()).stream().toList(), "its tunneler unbinds")
                .whenComplete((done, failure) ->
                        incoming.from().send(incoming.reply(ContentType.REMOVE_TUNNEL_TERMINATOR_RESPONSE)));
    }

    private void removeOwn(Incoming<?> incoming, Collection<String> ids) {
        terminators.whenKnown(ids, () -> removeKnown(incoming, ids));
    }

    /** Ids that are not this router's are passed over: they may be gone already. */
    private void removeKnown(Incoming<?> incoming, Collection<String> ids) {
        List<LiveTerminator> own =
                ids.stream().flatMap(id -> own(incoming, id).stream()).toList();
        terminators
                .remove(own, "its edge router removes it")
                .whenComplete((done, failure) -> incoming.result(failure == null, failure == null ? "" : "try again"));
    }
}
