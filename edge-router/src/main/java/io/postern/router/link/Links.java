package io.postern.router.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.EventLoop;
import io.postern.fabric.link.DuplicateRule;
import io.postern.fabric.link.LinkKey;
import io.postern.fabric.link.LinkPlan;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.transport.TlsIdentity;
import io.postern.wire.Base62;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.PeerStateChange;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Keeps Links to the other routers: dials what the plan asks for, accepts what is allowed, resolves duplicates, tells the
 * controllers. State changes happen on one loop; frames flow on each Link's own.
 */
public final class Links implements LinkTable {
    private static final Logger LOG = Logger.getLogger(Links.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final Duration REPLACED_LINGER = Duration.ofSeconds(60);
    private static final Duration REJECTED_LINGER = Duration.ofSeconds(30);

    private final LinkSettings settings;
    private final Controllers controllers;
    private final ChannelDialer dialer;
    private final TlsIdentity identity;
    private final EventLoop loop;
    private LinkTraffic traffic = (linkId, frame) -> frame.release();
    private final LinkPlan plan;
    private final LinkReports reports;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Link> byId = new ConcurrentHashMap<>();
    private final LinkLatencies latencies = new LinkLatencies();
    private volatile boolean stopped;

    public Links(
            LinkSettings settings,
            Controllers controllers,
            ChannelDialer dialer,
            TlsIdentity identity,
            EventLoop loop) {
        this.settings = settings;
        this.controllers = controllers;
        this.dialer = dialer;
        this.identity = identity;
        this.loop = loop;
        this.plan = new LinkPlan(
                settings.dialers(),
                this::newId,
                () -> ThreadLocalRandom.current().nextDouble());
        this.reports = new LinkReports(controllers, settings.routerId(), Clock.systemUTC());
    }

    private String newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base62.text(bytes);
    }

    /** Who takes what Links carry; before {@link #start}. */
    public void carry(LinkTraffic taker) {
        traffic = taker;
    }

    /** Registers with the controllers and starts the timers; before the first control dial. */
    public void start() {
        controllers.on(ContentType.PEER_STATE_CHANGE, (from, frame) -> peers(frame));
        controllers.onConnected(peer -> loop.execute(() -> connected(peer)));
        controllers.on(ContentType.FAULT, (from, frame) -> faulted(frame));
        controllers.inspect("links", () -> LinkInspection.json(byId.values()));
        loop.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        loop.scheduleWithFixedDelay(
                () -> reports.links(controllers.connectedPeers(), byId.values(), true),
                REFRESH.toSeconds(),
                REFRESH.toSeconds(),
                TimeUnit.SECONDS);
        long metrics = settings.metricsInterval().toMillis();
        loop.scheduleWithFixedDelay(() -> reports.metrics(byId.values()), metrics, metrics, TimeUnit.MILLISECONDS);
    }

    /** Takes connections that negotiated {@code ziti-link}. */
    public ChannelAcceptor acceptor(String listenerBinding, Function<String, Optional<String>> modelFingerprint) {
        return new LinkAcceptor(this, settings, listenerBinding, controllers, modelFingerprint);
    }

    /** A controller sends on what the other end said, or what an administrator did; other faults are not for routers. */
    private void faulted(Frame frame) {
        Fault fault;
        try {
            fault = Fault.parseFrom(frame.body().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("Fault: " + e.getMessage());
        } finally {
            frame.release();
        }
        if (fault.getSubject() == FaultSubject.LinkFault || fault.getSubject() == FaultSubject.LinkDuplicate) {
            Link link = byId.get(fault.getId());
            if (link != null && fault.getIteration() >= link.iteration) {
                link.channel.close("controller says " + fault.getSubject());
            }
        }
    }

    private void connected(ControlPeer peer) {
        reports.links(List.of(peer), byId.values(), true);
        reports.sendPending(peer);
        reports.metrics(byId.values());
    }

    private void peers(Frame frame) {
        PeerStateChanges changes;
        try {
            changes = PeerStateChanges.parseFrom(frame.body().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("PeerStateChanges: " + e.getMessage());
        } finally {
            frame.release();
        }
        loop.execute(() -> {
            changes.getChangesList().forEach(this::peer);
            tick();
        });
    }

    private void peer(PeerStateChange change) {
        LOG.debugf("link.peer routerId=%s state=%s", change.getId(), change.getState());
        switch (change.getState()) {
            case Healthy ->
                plan.healthy(
                        change.getId(),
                        change.getListenersList().stream()
                                .map(listener -> new LinkPlan.Listener(
                                        listener.getAddress(),
                                        listener.getProtocol(),
                                        listener.getLocalBinding(),
                                        listener.getGroupsCount() == 0
                                                ? Set.of("default")
                                                : Set.copyOf(listener.getGroupsList())))
                                .toList(),
                        System.nanoTime());
            case Unhealthy -> plan.unhealthy(change.getId());
            case Removed -> {
                plan.removed(change.getId());
                byId.values().stream()
                        .filter(link -> link.routerId().equals(change.getId()))
                        .forEach(link -> link.channel.close("peer was removed"));
            }
            case UNRECOGNIZED -> {
                // a state that a newer controller knows
            }
        }
    }

    private void tick() {
        if (stopped) {
            return;
        }
        Set<LinkKey> up = new HashSet<>();
        Set<LinkKey> dialled = new HashSet<>();
        for (Link link : byId.values()) {
            if (link.turnedSilent()) {
                reports.metrics(List.of(link));
            }
            if (!link.replaced) {
                up.add(link.key);
                if (link.dialled) {
                    dialled.add(link.key);
                }
            }
        }
        List<LinkKey> unwanted = plan.unwanted(dialled);
        byId.values().stream()
                .filter(link -> link.dialled && plan.knows(link.routerId()) && unwanted.contains(link.key))
                .forEach(link -> link.channel.close("groups no longer fit"));
        plan.due(up, System.nanoTime()).forEach(this::dial);
    }

    private void dial(LinkPlan.Dial dial) {
        Address address;
        try {
            address = Address.parse(dial.address());
        } catch (IllegalArgumentException e) {
            LOG.warnf("link.dial.failed routerId=%s cause=%s", dial.key().routerId(), e.getMessage());
            plan.dialled(dial.key(), false, System.nanoTime());
            return;
        }
        FrameBuilder hello = FrameBuilder.of(ContentType.HELLO)
                .string(Header.LINK_CONNECTION_ID, UUID.randomUUID().toString())
                .string(Header.LINK_ROUTER_ID, settings.routerId())
                .string(Header.LINK_ROUTER_VERSION, settings.version())
                .string(Header.LINK_BINDING, dial.key().dialerBinding())
                .i32(Header.LINK_ITERATION, dial.iteration())
                .string(Header.LINK_DIALED_ROUTER_ID, dial.key().routerId())
                .string(Header.LINK_ID, dial.linkId())
                .body(dial.linkId());
        dialer.dial(
                        address,
                        identity,
                        "ziti-link",
                        hello,
                        handler(dial.linkId(), dial.iteration(), dial.key(), true, dial.address()),
                        settings.options())
                .whenCompleteAsync(
                        (channel, failure) -> {
                            plan.dialled(dial.key(), failure == null, System.nanoTime());
                            if (failure != null) {
                                LOG.infof(
                                        "link.dial.failed linkId=%s routerId=%s iteration=%d cause=%s",
                                        dial.linkId(), dial.key().routerId(), dial.iteration(), failure.getMessage());
                            }
                        },
                        loop);
    }

    /** What happens on one Link, from its opening on. */
    ChannelHandler handler(String linkId, int iteration, LinkKey key, boolean dialled, String dialAddress) {
        return new LinkHandler(
                this, traffic, channel -> new Link(linkId, iteration, key, dialled, dialAddress, channel));
    }

    public LinkLatencies latencies() {
        return latencies;
    }

    /** The first heartbeat was answered: paths need not wait for the next report. */
    void measured(Link link) {
        reports.metrics(List.of(link));
    }

    /** On the Link's loop, before any frame: the table must know it by then. */
    synchronized void add(Link link) {
        Link same = byId.get(link.id);
        if (same != null && same.iteration > link.iteration) {
            link.channel.close("an older iteration");
            return;
        }
        for (Link existing : byId.values()) {
            if (existing.key.equals(link.key) && !existing.id.equals(link.id) && !existing.replaced) {
                if (DuplicateRule.keepsExisting(existing.id, link.id, existing.rejections)) {
                    existing.rejections++;
                    LOG.infof("link.duplicate linkId=%s keeps=%s", link.id, existing.id);
                    link.replaced = true;
                    closeLater(link, link.dialled ? Duration.ZERO : REJECTED_LINGER, "duplicate of " + existing.id);
                    if (link.dialled) {
                        return;
                    }
                    break;
                }
                existing.replaced = true;
                LOG.infof("link.duplicate linkId=%s replacedBy=%s", existing.id, link.id);
                reports.fault(existing, FaultSubject.LinkDuplicate);
                closeLater(existing, REPLACED_LINGER, "duplicate of " + link.id);
            }
        }
        byId.put(link.id, link);
        if (same != null) {
            same.channel.close("redialled");
        }
        LOG.infof(
                "link.up linkId=%s routerId=%s iteration=%d dialled=%s channelId=%s",
                link.id, link.routerId(), link.iteration, link.dialled, link.channel.id());
        traffic.up(link.id, link.channel);
        if (link.dialled) {
            reports.links(controllers.connectedPeers(), List.of(link), false);
        }
    }

    private void closeLater(Link link, Duration after, String why) {
        loop.schedule(() -> link.channel.close(why), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    void closed(Link link, CloseCause cause) {
        if (!byId.remove(link.id, link)) {
            return;
        }
        LOG.infof(
                "link.down linkId=%s routerId=%s iteration=%d cause=%s",
                link.id, link.routerId(), link.iteration, cause);
        traffic.down(link.id);
        reports.fault(link, FaultSubject.LinkFault);
        loop.execute(() -> plan.lost(link.key, System.nanoTime()));
    }

    @Override
    public Optional<Channel> byId(String linkId) {
        Link link = byId.get(linkId);
        return link == null ? Optional.empty() : Optional.of(link.channel);
    }

    public int count() {
        return byId.size();
    }

    /** Links that are neither duplicates nor replaced. */
    public int active() {
        return activeIds().size();
    }

    public Set<String> activeIds() {
        return byId.values().stream()
                .filter(link -> !link.replaced)
                .map(link -> link.id)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /** Closes all Links and dials no more. */
    public void close() {
        stopped = true;
        byId.values().forEach(link -> link.channel.close("router stops"));
    }
}
