package io.postern.router.edge;

import io.postern.router.circuit.DialOutcome;
import io.postern.router.circuit.EgressDialer;
import io.postern.router.circuit.EgressRequest;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import io.postern.wire.Base62;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.RouteError;
import io.postern.wire.edge.Bind;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.StateConnected;
import io.postern.wire.edge.UpdateBind;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The hosting side: binds of clients, and the Dials that Circuits want of them. Source: SDK sheet 5.5.
 */
final class Hosting implements EgressDialer {
    private static final Logger LOG = Logger.getLogger(Hosting.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Binds are asked anew this far apart when a controller comes back, so that it is not flooded. */
    private static final long SPREAD_MILLIS = 5;

    private final ModelView model;
    private final Terminators terminators;
    private final EdgeSettings settings;
    private final HostTable<Bound> hosts = new HostTable<>();

    Hosting(ModelView model, Terminators terminators, EdgeSettings settings) {
        this.model = model;
        this.terminators = terminators;
        this.settings = settings;
    }

    static String newTerminatorId() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return Base62.text(random);
    }

    /** Whether the terminator is hosted here now. Any thread. */
    @Override
    public boolean hosts(String terminatorId) {
        return hosts.byTerminator(terminatorId).isPresent();
    }

    void bind(SdkChannel channel, Bind bind, int sequence) {
        channel.patiently(
                () -> SessionGate.check(
                        model,
                        channel.session().claims(),
                        bind.sessionToken(),
                        SessionClaims.Type.BIND,
                        bind.publicKey() != null),
                verdict -> {
                    switch (verdict) {
                        case SessionGate.Refused refused -> {
                            LOG.infof(
                                    "bind.refused channelId=%s connId=%d identityId=%s code=%s why=%s",
                                    channel.id(),
                                    bind.connId(),
                                    channel.session().identityId(),
                                    refused.error().code(),
                                    refused.error().message());
                            channel.send(StateClosed.of(bind.connId(), refused.error())
                                    .frame()
                                    .replyFor(sequence));
                        }
                        case SessionGate.Permitted permitted -> admit(channel, bind, permitted.session(), sequence);
                    }
                });
    }

    private void admit(SdkChannel channel, Bind bind, SessionClaims session, int sequence) {
        if (!channel.isOpen()) {
            return;
        }
        byte[] listenerId = bind.listenerId();
        HostTable.Claim claim = new HostTable.Claim(
                channel.id(),
                bind.connId(),
                bind.sessionToken(),
                session.identityId(),
                session.serviceId(),
                listenerId == null || listenerId.length == 0
                        ? null
                        : HexFormat.of().formatHex(listenerId));
        Bound here = channel.table().get(bind.connId()) instanceof Bound bound ? bound : null;
        switch (hosts.admit(claim, here, Hosting::newTerminatorId)) {
            case HostTable.Stale<Bound> stale -> {}
            case HostTable.Repeated<Bound> repeated -> acknowledge(channel, bind, sequence);
            case HostTable.TakesOver<Bound>(String terminatorId, Bound older) -> {
                older.channel().loop().execute(older::takenOver);
                begin(channel, bind, session, claim, terminatorId, older, sequence);
            }
            case HostTable.Fresh<Bound>(String terminatorId) ->
                begin(channel, bind, session, claim, terminatorId, null, sequence);
        }
    }

    private void begin(
            SdkChannel channel,
            Bind bind,
            SessionClaims session,
            HostTable.Claim claim,
            String terminatorId,
            @Nullable Bound older,
            int sequence) {
        String taken = channel.table().refusal(bind.connId());
        if (taken != null && (older == null || channel.table().get(bind.connId()) != older)) {
            channel.send(StateClosed.of(bind.connId(), taken).frame().replyFor(sequence));
            return;
        }
        Bound bound = new Bound(channel, bind, session, hosts, claim, terminatorId, terminators);
        channel.table().put(bind.connId(), bound);
        acknowledge(channel, bind, sequence);
        bound.begin();
    }

    private static void acknowledge(SdkChannel channel, Bind bind, int sequence) {
        channel.send(new StateConnected(bind.connId(), null, null, null, bind.wantsRouterConnId())
                .frame()
                .replyFor(sequence));
    }

    /** Always answered, so that nobody waits in vain. */
    void unbind(SdkChannel channel, int connId, int sequence) {
        if (channel.table().get(connId) instanceof Bound bound) {
            bound.close("unbound");
        }
        channel.send(StateClosed.of(connId, "unbound").frame().replyFor(sequence));
    }

    void update(SdkChannel channel, UpdateBind update) {
        if (channel.table().get(update.connId()) instanceof Bound bound) {
            bound.update(update);
        }
    }

    void health(SdkChannel channel, int connId, Frame frame) {
        if (channel.table().get(connId) instanceof Bound bound) {
            bound.health(frame.bool(Header.HEALTH_STATUS));
        }
    }

    /** Called when a controller is there again: it is told of every terminator. */
    void controllerConnected() {
        long after = 0;
        for (Bound bound : hosts.all()) {
            bound.channel().loop().schedule(bound::controllerConnected, after, TimeUnit.MILLISECONDS);
            after += SPREAD_MILLIS;
        }
    }

    @Override
    public CompletionStage<DialOutcome> dial(EgressRequest request) {
        Optional<Bound> found = hosts.byTerminator(request.destination());
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(new DialOutcome.Failed(
                    RouteError.INVALID_TERMINATOR, "terminator " + request.destination() + " is not hosted here"));
        }
        CompletableFuture<DialOutcome> outcome = new CompletableFuture<>();
        Bound bound = found.get();
        bound.channel().loop().execute(() -> new HostDial(bound, request, settings, outcome).begin());
        return outcome;
    }
}
