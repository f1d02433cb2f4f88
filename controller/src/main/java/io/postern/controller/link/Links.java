package io.postern.controller.link;

import io.postern.controller.channel.Connections;
import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.Incoming;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelEvent;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.model.ModelListener;
import io.postern.controller.model.ModelUpdate;
import io.postern.controller.network.NetworkLoop;
import io.postern.fabric.path.Edge;
import io.postern.fabric.path.NetworkView;
import io.postern.fabric.path.Node;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.LinkStateUpdate;
import io.postern.wire.ctrl.pb.RouterLinks;
import io.postern.wire.ctrl.pb.VerifyRouter;
import io.postern.wire.metrics.pb.MetricsMessage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The links of the network. A router that only lost its control channel keeps its links for a while: the data plane does
 * not run through here. On the network loop. Source: fabric sheet 3.6, 4.1.
 */
@Singleton
public class Links implements ControlFeature, ModelListener {
    private static final Logger LOG = Logger.getLogger(Links.class);
    private static final Duration SCAN = Duration.ofSeconds(30);
    private static final Duration FORGET_DEAD = Duration.ofMinutes(5);
    private static final Duration FORGET_ROUTER = Duration.ofMinutes(2);
    private static final String LATENCY = ".latency";
    private static final String QUEUE_TIME = ".queue_time";

    private final NetworkLoop network;
    private final ModelFeed feed;
    private final Connections connections;
    private final LinkTable table = new LinkTable();
    private final List<TopologyListener> listeners = new ArrayList<>();
    private @Nullable NetworkView view;

    Links(NetworkLoop network, ModelFeed feed, Connections connections) {
        this.network = network;
        this.feed = feed;
        this.connections = connections;
        feed.listen(this);
        network.every(SCAN, () -> table.forgetDead(System.nanoTime() - FORGET_DEAD.toNanos()));
    }

    public void listen(TopologyListener listener) {
        listeners.add(listener);
    }

    public Collection<KnownLink> all() {
        return table.all();
    }

    public Optional<KnownLink> find(String linkId) {
        return table.get(linkId);
    }

    /** Whether a router has said that it is about to go. */
    public boolean isLeaving(String routerId) {
        return connections.with(routerId).filter(RouterConnection::isQuiesced).isPresent();
    }

    /** Connected, enabled routers and usable links as they are now. */
    public NetworkView view() {
        network.assertInLoop();
        NetworkView now = view;
        if (now == null) {
            List<Node> nodes = new ArrayList<>();
            for (RouterConnection each : connections.connected()) {
                feed.model()
                        .find(Entry.Router.class, each.routerId())
                        .filter(router -> !router.disabled())
                        .ifPresent(router -> nodes.add(
                                new Node(router.id(), router.cost(), router.noTraversal() || each.isQuiesced())));
            }
            List<Edge> edges = table.all().stream()
                    .filter(KnownLink::usable)
                    .map(KnownLink::edge)
                    .toList();
            now = NetworkView.of(nodes, edges);
            view = now;
        }
        return now;
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(ContentType.ROUTER_LINKS, RouterLinks.parser(), this::reported);
        handlers.on(ContentType.LINK_STATE, LinkStateUpdate.parser(), this::stateChanged);
        handlers.on(ContentType.VERIFY_ROUTER, VerifyRouter.parser(), this::verify);
        handlers.on(ContentType.METRICS, MetricsMessage.parser(), this::measured);
        handlers.onFrame(ContentType.QUIESCE, Frame::contentType, wish -> quiesced(wish, true));
        handlers.onFrame(ContentType.DEQUIESCE, Frame::contentType, wish -> quiesced(wish, false));
    }

    @Override
    public void connected(RouterConnection router) {
        grew();
    }

    @Override
    public void disconnected(RouterConnection router) {
        view = null;
        network.after(FORGET_ROUTER, () -> {
            if (connections.with(router.routerId()).isEmpty() && !connections.isElsewhere(router.routerId())) {
                lost(table.removeOf(router.routerId()));
            }
        });
    }

    @Override
    public void changed(ModelUpdate update) {
        for (ModelEvent event : update.events()) {
            if (event instanceof ModelEvent.Put(Entry.Router router, boolean created)) {
                view = null;
            } else if (event instanceof ModelEvent.Gone(Entry.Router router)) {
                lost(table.removeOf(router.id()));
            }
        }
    }

    private void reported(Incoming<RouterLinks> report) {
        RouterLinks links = report.message();
        List<KnownLink> gone =
                table.reported(report.routerId(), links.getLinksList(), links.getFullRefresh(), System.nanoTime());
        for (RouterLinks.RouterLink each : links.getLinksList()) {
            LOG.infof(
                    "link.reported linkId=%s iteration=%d routerId=%s destRouterId=%s fullRefresh=%s",
                    each.getId(),
                    each.getIteration(),
                    report.routerId(),
                    each.getDestRouterId(),
                    links.getFullRefresh());
        }
        lost(gone);
        if (links.getLinksCount() > 0) {
            grew();
        }
    }

    private void stateChanged(Incoming<LinkStateUpdate> update) {
        LinkStateUpdate state = update.message();
        table.stateChanged(state.getLinkId(), state.getLinkIteration(), state.getConnState(), System.nanoTime())
                .ifPresent(link -> lost(List.of(link)));
    }

    /** An end closed a link, or means to because it is a duplicate; the other end is told to close it too. */
    public void fault(Incoming<Fault> report) {
        Fault fault = report.message();
        LOG.infof(
                "link.fault linkId=%s iteration=%d routerId=%s subject=%s",
                fault.getId(), fault.getIteration(), report.routerId(), fault.getSubject());
        table.faulted(report.routerId(), fault.getId(), fault.getIteration(), System.nanoTime())
                .ifPresent(link -> {
                    tellFault(link, link.other(report.routerId()));
                    lost(List.of(link));
                });
    }

    private void tellFault(KnownLink link, String routerId) {
        connections
                .with(routerId)
                .ifPresent(router -> router.send(
                        ContentType.FAULT,
                        Fault.newBuilder()
                                .setSubject(FaultSubject.LinkFault)
                                .setId(link.linkId())
                                .setIteration(link.iteration())
                                .build()));
    }

    /** An administrator removes a link: both ends close it, the dialer may dial again. */
    public boolean remove(String linkId) {
        Optional<KnownLink> link = table.get(linkId);
        link.ifPresent(known -> {
            tellFault(known, known.source());
            tellFault(known, known.destination());
            table.faulted(known.source(), linkId, known.iteration(), System.nanoTime())
                    .ifPresent(failed -> lost(List.of(failed)));
        });
        return link.isPresent();
    }

    /** An administrator's cost, and whether the link may carry circuits. */
    public boolean configure(String linkId, @Nullable Integer staticCost, @Nullable Boolean down) {
        boolean known = table.change(
                        linkId,
                        link -> link.withSettings(
                                staticCost == null ? link.staticCost() : staticCost, down == null ? link.down() : down))
                .isPresent();
        view = null;
        return known;
    }

    /** Circuits may still begin and end at a router that is about to go, and none passes through it. */
    private void quiesced(Incoming<Integer> wish, boolean leaves) {
        LOG.infof("router.%s routerId=%s", leaves ? "quiesced" : "dequiesced", wish.routerId());
        wish.from().quiesced(leaves);
        view = null;
        wish.result(true, "success");
        listeners.forEach(listener -> {
            if (leaves) {
                listener.routerLeaves(wish.routerId());
            } else {
                listener.networkGrew();
            }
        });
    }

    private void verify(Incoming<VerifyRouter> question) {
        if (isVerified(question.message())) {
            question.result(true, "router verified");
            return;
        }
        feed.refresh()
                .whenComplete((index, failure) -> network.run(() -> {
                    boolean verified = isVerified(question.message());
                    question.result(verified, verified ? "router verified" : "router or fingerprint is not known");
                }));
    }

    private boolean isVerified(VerifyRouter question) {
        return feed.model()
                .find(Entry.Router.class, question.getRouterId())
                .filter(router -> !router.disabled() && router.fingerprint() != null)
                .filter(router -> question.getFingerprintsList().contains(router.fingerprint())
                        || router.pendingFingerprint() != null
                                && question.getFingerprintsList().contains(router.pendingFingerprint()))
                .isPresent();
    }

    private void measured(Incoming<MetricsMessage> metrics) {
        Map<String, MetricsMessage.Histogram> histograms = metrics.message().getHistogramsMap();
        boolean news = false;
        for (Map.Entry<String, MetricsMessage.Histogram> each : histograms.entrySet()) {
            String name = each.getKey();
            if (name.startsWith("link.") && name.endsWith(LATENCY)) {
                String linkId = name.substring("link.".length(), name.length() - LATENCY.length());
                MetricsMessage.Histogram queue = histograms.get("link." + linkId + QUEUE_TIME);
                double mean = each.getValue().getMean() + (queue == null ? 0 : queue.getMean());
                news |= table.measured(metrics.routerId(), linkId, Math.max(0, (long) mean));
            }
        }
        if (news) {
            view = null;
        }
    }

    private void grew() {
        view = null;
        listeners.forEach(TopologyListener::networkGrew);
    }

    private void lost(List<KnownLink> links) {
        if (!links.isEmpty()) {
            view = null;
        }
        for (KnownLink link : links) {
            LOG.infof(
                    "link.lost linkId=%s iteration=%d routerId=%s destRouterId=%s",
                    link.linkId(), link.iteration(), link.source(), link.destination());
            listeners.forEach(listener -> listener.linkLost(link));
        }
    }
}
