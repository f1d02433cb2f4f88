package io.postern.router.edge;

import io.netty.channel.EventLoopGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.fabric.model.ModelAspect;
import io.postern.pki.Certificates;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.router.model.ApiSessionClaims;
import io.postern.router.model.ModelView;
import io.postern.router.model.TokenCheck;
import io.postern.transport.Channel;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.HelloAnswer;
import io.postern.transport.PendingHello;
import io.postern.wire.Capabilities;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.ConnectEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Accepts clients on the protocol {@code ziti-edge}, and on none. A client is who its access token says, if its
 * certificate may carry that token. Register it with the router's {@code ChannelServer}; the other doors it opens itself.
 * Who this router is (headers 4 and 8) is added to its answer by whoever opens the port. Source: SDK sheet 4.5, fabric
 * sheet 7.2.
 */
public final class EdgeListener implements ChannelAcceptor {
    /** The name to offer in ALPN; clients of older generations offer none. */
    public static final String ALPN = "ziti-edge";

    private static final Logger LOG = Logger.getLogger(EdgeListener.class);
    /** The binding of terminators hosted by clients. */
    private static final String BINDING = "edge";

    private static final Duration PRESENCE = Duration.ofSeconds(3);
    private static final Duration FULL_PRESENCE = Duration.ofMinutes(5);
    private static final Duration UNUSED = Duration.ofMillis(500);
    private static final int MOST_PATIENT_HELLOS = 1_000;
    private static final Set<ModelAspect> RIGHTS = EnumSet.of(
            ModelAspect.IDENTITIES,
            ModelAspect.SERVICES,
            ModelAspect.POLICIES,
            ModelAspect.POSTURE,
            ModelAspect.REVOCATIONS,
            ModelAspect.KEYS);

    private final ModelView model;
    private final EventLoopGroup loops;
    private final Clock clock = Clock.systemUTC();
    private final EdgeSettings settings;
    private final Dialing dialing;
    private final Hosting hosting;
    private final Set<SdkChannel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger patient = new AtomicInteger();
    private final Presence presence = new Presence();
    private final EdgeCounters counters = new EdgeCounters();
    private final List<ScheduledFuture<?>> chores = new CopyOnWriteArrayList<>();
    private volatile boolean draining;

    /** Registers with the circuits, the model and the controllers, which must not have been dialled yet. */
    public EdgeListener(
            Controllers controllers,
            ModelView model,
            CircuitHost circuits,
            EventLoopGroup loops,
            EdgeSettings settings) {
        this.model = model;
        this.loops = loops;
        this.settings = settings;
        this.dialing = new Dialing(controllers, model, circuits, settings);
        this.hosting = new Hosting(model, new Terminators(controllers, loops, settings.terminatorTimeout()), settings);
        circuits.egress(BINDING, hosting);
        controllers.onConnected(peer -> hosting.controllerConnected());
        every(
                PRESENCE,
                () -> presence.changes()
                        .ifPresent(changes -> controllers.connectedPeers().forEach(peer -> tell(peer, changes))));
        every(FULL_PRESENCE, () -> controllers.connectedPeers().forEach(peer -> tell(peer, presence.all())));
        controllers.onConnected(peer -> tell(peer, presence.all()));
        model.onSweep(() -> sweep(false));
        model.onChange(aspects -> {
            if (aspects.stream().anyMatch(RIGHTS::contains)) {
                sweep(true);
            }
        });
    }

    private void every(Duration interval, Runnable chore) {
        chores.add(loops.next()
                .scheduleWithFixedDelay(chore, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void tell(ControlPeer peer, ConnectEvents events) {
        peer.send(FrameBuilder.of(ContentType.CONNECT_EVENTS).body(events.toByteArray()));
    }

    EdgeSettings settings() {
        return settings;
    }

    ModelView model() {
        return model;
    }

    Dialing dialing() {
        return dialing;
    }

    Hosting hosting() {
        return hosting;
    }

    /** Clients that are connected. Any thread. */
    public int connected() {
        return channels.size();
    }

    public EdgeCounters counters() {
        return counters;
    }

    /**
     * Lets no client in any more, and closes the Channel of each as soon as it carries no Connection: clients dial and hosts
     * bind again through other routers then. Connections that are there go on. Any thread, once.
     */
    public void drain() {
        draining = true;
        every(UNUSED, () -> channels.forEach(SdkChannel::closeUnlessUsed));
    }

    /** Closes every client's Channel; hosts bind again elsewhere. Any thread. */
    public void close(String why) {
        chores.forEach(chore -> chore.cancel(false));
        channels.forEach(channel -> channel.close(why));
    }

    private void sweep(boolean rightsToo) {
        channels.forEach(channel -> channel.sweep(rightsToo));
    }

    void closed(SdkChannel channel) {
        channels.remove(channel);
        presence.closed(channel.session().identityId(), channel.id());
    }

    @Override
    public CompletionStage<HelloAnswer> hello(PendingHello hello) {
        if (draining) {
            return CompletableFuture.completedFuture(
                    new HelloAnswer.Reject("this router is about to stop", HelloAnswer.Reject.BUSY));
        }
        CompletableFuture<HelloAnswer> answer = new CompletableFuture<>();
        judge(hello, answer, 0);
        return answer;
    }

    /** An identity that has just been made may come before the model knows it. */
    private void judge(PendingHello hello, CompletableFuture<HelloAnswer> answer, int turn) {
        Judgement judgement = judge(hello);
        if (judgement.session().isPresent()) {
            answer.complete(accept(judgement.session().get()));
            return;
        }
        boolean later = judgement.mayTurn() && turn < settings.patience().size();
        if (later && patient.incrementAndGet() <= MOST_PATIENT_HELLOS) {
            Duration wait = settings.patience().get(turn);
            Runnable again = () -> {
                patient.decrementAndGet();
                judge(hello, answer, turn + 1);
            };
            loops.next().schedule(again, wait.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        if (later) {
            patient.decrementAndGet();
        }
        LOG.infof("hello.refused remote=%s why=%s", hello.remoteAddress(), judgement.why());
        answer.complete(new HelloAnswer.Reject(
                judgement.why(), model.ready() ? HelloAnswer.Reject.NOT_PERMITTED : HelloAnswer.Reject.BUSY));
    }

    private record Judgement(Optional<ApiSession> session, String why, boolean mayTurn) {
        static Judgement no(String why, boolean mayTurn) {
            return new Judgement(Optional.empty(), why, mayTurn);
        }
    }

    private Judgement judge(PendingHello hello) {
        if (hello.peerChain().isEmpty()) {
            return Judgement.no("no client certificate", false);
        }
        String token = hello.string(Header.SESSION_TOKEN).orElse("");
        if (token.isEmpty()) {
            return Judgement.no("no API session token", false);
        }
        if (!model.ready()) {
            return Judgement.no("this router has no model yet", true);
        }
        return switch (model.verifyAccessToken(token)) {
            case TokenCheck.Refused<ApiSessionClaims>(String why) -> Judgement.no(why, true);
            case TokenCheck.Valid<ApiSessionClaims>(ApiSessionClaims claims) ->
                model.certificateRefusal(claims, hello.peerChain())
                        .map(why -> Judgement.no(why, false))
                        .orElseGet(() -> new Judgement(Optional.of(session(hello, claims, token)), "", false));
        };
    }

    private static ApiSession session(PendingHello hello, ApiSessionClaims claims, String token) {
        List<String> fingerprints =
                hello.peerChain().stream().map(Certificates::sha1).toList();
        return new ApiSession(claims, token, fingerprints);
    }

    private HelloAnswer accept(ApiSession session) {
        return new HelloAnswer.Accept(EdgeListener::answer, channel -> opened(channel, session), ChannelOptions.EDGE);
    }

    /**
     * What this router can: announce that a bind stands, and nothing else. Grouping, circuits spoken by the client itself,
     * subscriptions and posture are not offered. The mask is one byte because the C client reads it from the wrong end.
     */
    private static void answer(FrameBuilder headers) {
        headers.bool(Header.SUPPORTS_BIND_SUCCESS, true)
                .bytes(
                        Header.ROUTER_CAPABILITIES,
                        Capabilities.of(Capabilities.ROUTER_BIND_SUCCESS).bytes());
    }

    private ChannelHandler opened(Channel channel, ApiSession session) {
        SdkChannel opened = new SdkChannel(this, channel, session);
        channels.add(opened);
        presence.opened(
                session.identityId(),
                channel.id(),
                clock.instant(),
                NetUtil.toSocketAddressString(channel.remoteAddress()),
                NetUtil.toSocketAddressString(channel.localAddress()));
        LOG.infof("channel.opened channelId=%s %s remote=%s", channel.id(), session, channel.remoteAddress());
        return opened;
    }
}
