package io.postern.controller.hosting;

import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.Incoming;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.controller.token.SessionClaims;
import io.postern.controller.token.SessionTokens;
import io.postern.fabric.path.Precedence;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Request;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import io.postern.wire.edgectrl.pb.RemoveTerminatorRequest;
import io.postern.wire.edgectrl.pb.UpdateTerminatorRequest;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Terminators of SDK hosts, made and changed by the router they are connected to. Source: fabric sheet 1.3, samples 01, 03. */
@Singleton
public class SdkHosting implements ControlFeature {
    private static final Logger LOG = Logger.getLogger(SdkHosting.class);
    static final int MOST_COST = 65_535;

    private final Terminators terminators;
    private final ModelFeed feed;
    private final SessionTokens tokens;
    private final NetworkLoop network;

    SdkHosting(Terminators terminators, ModelFeed feed, SessionTokens tokens, NetworkLoop network) {
        this.terminators = terminators;
        this.feed = feed;
        this.tokens = tokens;
        this.network = network;
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(
                ContentType.CREATE_TERMINATOR_V2,
                CreateTerminatorV2Request.parser(),
                message -> verified(message, message.getSessionToken(), message.getApiSessionToken()),
                this::create);
        handlers.on(
                ContentType.UPDATE_EDGE_TERMINATOR,
                UpdateTerminatorRequest.parser(),
                message -> verified(message, message.getSessionToken(), message.getApiSessionToken()),
                update -> terminators.whenKnown(
                        List.of(update.message().message().getTerminatorId()), () -> update(update)));
        handlers.on(
                ContentType.REMOVE_EDGE_TERMINATOR,
                RemoveTerminatorRequest.parser(),
                message -> verified(message, message.getSessionToken(), message.getApiSessionToken()),
                removal -> terminators.whenKnown(
                        List.of(removal.message().message().getTerminatorId()), () -> remove(removal)));
    }

    private <T> HostingRequest<T> verified(T message, String sessionToken, String apiSessionToken) {
        return new HostingRequest<>(message, tokens.serviceSession(sessionToken), tokens.apiSession(apiSessionToken));
    }

    /** What another controller has just written may not have been read: a no is only said over the newest model. */
    private void create(Incoming<HostingRequest<CreateTerminatorV2Request>> incoming) {
        if (refusal(incoming).isEmpty()) {
            createNow(incoming);
        } else {
            feed.refresh().whenComplete((index, failure) -> network.run(() -> createNow(incoming)));
        }
    }

    private Optional<HostingRefusal> refusal(Incoming<HostingRequest<CreateTerminatorV2Request>> incoming) {
        return invalid(incoming.message().message())
                .or(() -> HostingRights.refusal(feed.model(), incoming.message(), incoming.routerId()));
    }

    private void createNow(Incoming<HostingRequest<CreateTerminatorV2Request>> incoming) {
        CreateTerminatorV2Request request = incoming.message().message();
        Optional<HostingRefusal> refusal = refusal(incoming);
        if (refusal.isPresent()) {
            answer(incoming, refusal);
            return;
        }
        SessionClaims.ServiceSession session = incoming.message().session().orElseThrow();
        terminators
                .create(new Terminators.Wish(
                        request.getAddress(),
                        session.serviceId(),
                        incoming.routerId(),
                        "edge",
                        request.getAddress(),
                        request.getInstanceId(),
                        request.getInstanceSecret().toByteArray(),
                        session.identityId(),
                        request.getCost(),
                        Precedence.ofNumber(request.getPrecedenceValue()),
                        peerData(request.getPeerDataMap())))
                .thenAccept(outcome -> answer(incoming, refusal(outcome)));
    }

    static Map<Integer, byte[]> peerData(Map<Integer, com.google.protobuf.ByteString> values) {
        Map<Integer, byte[]> peerData = new HashMap<>();
        values.forEach((id, value) -> peerData.put(id, value.toByteArray()));
        return peerData;
    }

    private static Optional<HostingRefusal> invalid(CreateTerminatorV2Request request) {
        if (request.getAddress().isEmpty() || request.getAddress().length() > 64) {
            return Optional.of(HostingRefusal.other(EdgeError.INVALID_TERMINATOR, "terminator address is not valid"));
        }
        if (request.getCost() < 0 || request.getCost() > MOST_COST) {
            return Optional.of(HostingRefusal.other(EdgeError.INVALID_COST, "cost exceeds " + MOST_COST));
        }
        return Optional.empty();
    }

    static Optional<HostingRefusal> refusal(Terminators.Outcome outcome) {
        return switch (outcome) {
            case CREATED -> Optional.empty();
            case ID_CONFLICT ->
                Optional.of(new HostingRefusal(
                        EdgeError.INVALID_INSTANCE_ID,
                        CreateTerminatorResult.FailedIdConflict,
                        "terminator or instance id is taken by another host"));
            case FAILED -> Optional.of(HostingRefusal.busy("the terminator could not be stored"));
        };
    }

    private static void answer(
            Incoming<HostingRequest<CreateTerminatorV2Request>> incoming, Optional<HostingRefusal> refusal) {
        String terminatorId = incoming.message().message().getAddress();
        CreateTerminatorV2Response.Builder response =
                CreateTerminatorV2Response.newBuilder().setTerminatorId(terminatorId);
        refusal.ifPresent(no -> {
            LOG.infof(
                    "terminator.refused terminatorId=%s %s code=%s reason=\"%s\"",
                    terminatorId, incoming.from(), no.code(), no.text());
            response.setResult(no.result())
                    .setMsg(no.text())
                    .setErrorCode(no.code().number())
                    .setRetryHint(no.hint().number());
        });
        incoming.from()
                .send(incoming.reply(ContentType.CREATE_TERMINATOR_V2_RESPONSE)
                        .body(response.build().toByteArray()));
    }

    private void update(Incoming<HostingRequest<UpdateTerminatorRequest>> incoming) {
        UpdateTerminatorRequest request = incoming.message().message();
        Optional<LiveTerminator> own = own(incoming, request.getTerminatorId());
        if (own.isEmpty()) {
            return;
        }
        if (request.getUpdateCost() && (request.getCost() < 0 || request.getCost() > MOST_COST)) {
            refuse(incoming, HostingRefusal.other(EdgeError.INVALID_COST, "cost exceeds " + MOST_COST));
            return;
        }
        terminators.update(
                own.get(),
                request.getUpdateCost() ? request.getCost() : null,
                request.getUpdatePrecedence() ? Precedence.ofNumber(request.getPrecedenceValue()) : null);
        incoming.from().send(incoming.reply(ContentType.UPDATE_EDGE_TERMINATOR_RESPONSE));
    }

    private void remove(Incoming<HostingRequest<RemoveTerminatorRequest>> incoming) {
        own(incoming, incoming.message().message().getTerminatorId())
                .ifPresent(own -> terminators
                        .remove(List.of(own), "its host unbinds")
                        .whenComplete((done, failure) ->
                                incoming.from().send(incoming.reply(ContentType.REMOVE_EDGE_TERMINATOR_RESPONSE))));
    }

    /** The terminator, when it is on this router and of the session's identity and service; else the router is told no. */
    private Optional<LiveTerminator> own(Incoming<? extends HostingRequest<?>> incoming, String terminatorId) {
        Optional<HostingRefusal> refusal = HostingRights.tokenRefusal(feed.model(), incoming.message());
        if (refusal.isPresent()) {
            refuse(incoming, refusal.get());
            return Optional.empty();
        }
        SessionClaims.ServiceSession session = incoming.message().session().orElseThrow();
        Optional<LiveTerminator> own = terminators
                .find(terminatorId)
                .filter(each -> each.routerId().equals(incoming.routerId())
                        && each.hostId().equals(session.identityId())
                        && each.serviceId().equals(session.serviceId()));
        if (own.isEmpty()) {
            refuse(
                    incoming,
                    HostingRefusal.other(
                            EdgeError.INVALID_TERMINATOR,
                            "terminator " + terminatorId + " is not of this Session on this edge router"));
        }
        return own;
    }

    static void refuse(Incoming<?> incoming, HostingRefusal refusal) {
        LOG.infof("terminator.change.refused %s reason=\"%s\"", incoming.from(), refusal.text());
        incoming.from()
                .send(incoming.reply(ContentType.ERROR)
                        .i32(Header.ERROR_CODE, refusal.code().number())
                        .i32(Header.ERROR_RETRY_HINT, refusal.hint().number())
                        .body(refusal.text()));
    }
}
