package io.postern.controller.channel;

import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.pki.Certificates;
import io.postern.pki.ChainVerifier;
import io.postern.transport.Channel;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.GroupHello;
import io.postern.transport.HelloAnswer;
import io.postern.transport.PendingHello;
import io.postern.wire.Capabilities;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.Release;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Lets routers in and keeps one channel for each. The acceptor of ALPN {@code ziti-ctrl}. Source: fabric sheet 1.1. */
@Singleton
public class ControlChannels implements ChannelAcceptor {
    /** The application protocol of control channels. */
    public static final String ALPN = "ziti-ctrl";

    private static final Logger LOG = Logger.getLogger(ControlChannels.class);
    private static final byte[] CAPABILITIES = Capabilities.of(
                    Capabilities.CONTROLLER_CREATE_TERMINATOR_V2,
                    Capabilities.CONTROLLER_SINGLE_ROUTER_LINK_SOURCE,
                    Capabilities.CONTROLLER_CREATE_CIRCUIT_V2,
                    Capabilities.CONTROLLER_ROUTER_DATA_MODEL,
                    Capabilities.CONTROLLER_JWT_LEGACY_SESSIONS)
            .bytes();

    /** Behind observers that say nothing of their turn. */
    private static final int LAST = 3_000;

    private final NetworkLoop network;
    private final ModelFeed feed;
    private final Connections connections;
    private final List<ControlFeature> features;
    private final ControllerSelf self;
    private final ChannelConfig config;
    private final ControlHandlers handlers;
    private final AtomicLong epochs = new AtomicLong();
    private final Clock clock = Clock.systemUTC();
    private volatile boolean stopping;

    ControlChannels(
            NetworkLoop network,
            ModelFeed feed,
            Connections connections,
            @All List<ControlFeature> features,
            ControllerSelf self,
            ChannelConfig config) {
        this.network = network;
        this.feed = feed;
        this.connections = connections;
        this.features = features;
        this.self = self;
        this.config = config;
        this.handlers = new ControlHandlers(network);
        features.forEach(feature -> feature.register(handlers));
    }

    @Override
    public CompletionStage<HelloAnswer> hello(PendingHello hello) {
        Optional<String> wanted = hello.string(Header.CTRL_WANTED_ID);
        if (wanted.filter(id -> !id.equals(self.id())).isPresent()) {
            return CompletableFuture.completedFuture(
                    new HelloAnswer.Reject("this is controller " + self.id(), HelloAnswer.Reject.ANOTHER_CONTROLLER));
        }
        if (stopping || !feed.isLoaded()) {
            String why = stopping ? "the controller is stopping" : "the controller is starting";
            return CompletableFuture.completedFuture(new HelloAnswer.Reject(why, HelloAnswer.Reject.BUSY));
        }
        if (hello.bool(Header.IS_GROUPED) && !hello.bool(Header.IS_FIRST_GROUP_CONNECTION)) {
            return CompletableFuture.completedFuture(new HelloAnswer.Reject(
                    "control channels have one connection here", HelloAnswer.Reject.NOT_PERMITTED));
        }
        Optional<String> chain =
                new ChainVerifier(self.authorities()).refusal(hello.peerChain(), clock.instant(), false);
        String fingerprint = hello.peerChain().isEmpty()
                ? ""
                : Certificates.sha1(hello.peerChain().getFirst());
        return network.ask(() -> refusal(hello, chain, fingerprint))
                .thenCompose(refusal -> refusal.isEmpty() || chain.isPresent()
                        ? CompletableFuture.completedFuture(refusal)
                        : feed.refresh().thenCompose(done -> network.ask(() -> refusal(hello, chain, fingerprint))))
                .thenApply(refusal -> answer(hello, fingerprint, refusal));
    }

    private Optional<HelloAnswer.Reject> refusal(PendingHello hello, Optional<String> chain, String fingerprint) {
        Entry.Router router =
                feed.model().find(Entry.Router.class, hello.body()).orElse(null);
        Optional<Admission.Standing> standing = connections
                .with(hello.body())
                .filter(old -> old.channel().isOpen())
                .map(old -> standing(old, hello));
        return Admission.refusal(chain, fingerprint, router, standing, config.churnLimit());
    }

    private Admission.Standing standing(RouterConnection old, PendingHello hello) {
        Instant now = clock.instant();
        return new Admission.Standing(
                Duration.between(old.connectedAt(), now),
                Duration.ofNanos(System.nanoTime() - old.heardNanos()),
                old.isOfGroup(hello.headers().get(Header.GROUP_SECRET)));
    }

    private HelloAnswer answer(PendingHello hello, String fingerprint, Optional<HelloAnswer.Reject> refusal) {
        if (refusal.isPresent()) {
            LOG.warnf(
                    "router.refused routerId=%s remoteAddress=%s fingerprint=%s reason=\"%s\"",
                    printable(hello.body()),
                    hello.remoteAddress(),
                    fingerprint,
                    refusal.get().text());
            return refusal.get();
        }
        byte[] secret = GroupHello.secret(hello);
        return new HelloAnswer.Accept(
                answer -> acknowledge(hello, secret, answer),
                channel -> opened(channel, secret),
                ChannelOptions.CONTROL);
    }

    private static String printable(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9._-]", "?");
        return safe.length() > 64 ? safe.substring(0, 64) : safe;
    }

    private void acknowledge(PendingHello hello, byte[] secret, FrameBuilder answer) {
        GroupHello.answer(hello, secret, answer);
        answer.string(Header.HELLO_VERSION, Release.speaking(self.version()).text())
                .string(Header.ID, self.id())
                .bytes(Header.CTRL_CAPABILITIES, CAPABILITIES);
    }

    private ChannelHandler opened(Channel channel, byte[] secret) {
        RouterConnection connection = new RouterConnection(channel, epochs.incrementAndGet(), clock.instant(), secret);
        network.execute(() -> join(connection));
        return new ControlDispatch(connection, handlers, () -> network.execute(() -> leave(connection)));
    }

    private void join(RouterConnection connection) {
        connections.put(connection).ifPresent(old -> {
            LOG.infof(
                    "router.displaced %s by channelId=%s",
                    old, connection.channel().id());
            old.channel().close("displaced by a newer control channel");
        });
        LOG.infof(
                "router.online %s epoch=%d version=%s remoteAddress=%s",
                connection,
                connection.epoch(),
                connection.version(),
                connection.channel().remoteAddress());
        features.forEach(feature -> feature.connected(connection));
    }

    private void leave(RouterConnection connection) {
        if (connections.remove(connection)) {
            LOG.infof("router.offline %s epoch=%d", connection, connection.epoch());
            features.forEach(feature -> feature.disconnected(connection));
        }
    }

    /** Lets all routers go, so that they turn to whoever serves next: last, when other controllers know of it. */
    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        stopping = true;
        network.execute(() -> List.copyOf(connections.connected()).forEach(connection -> {
            connections.remove(connection);
            connection.channel().close("the controller is stopping");
        }));
    }
}
