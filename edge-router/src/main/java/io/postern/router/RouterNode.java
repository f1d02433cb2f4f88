package io.postern.router;

import io.netty.channel.EventLoopGroup;
import io.postern.fabric.link.LinkPlan;
import io.postern.pki.Certificates;
import io.postern.router.EdgeHello.Advertised;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.config.InvalidConfig;
import io.postern.router.config.RouterConfig;
import io.postern.router.ctrl.ControlPlane;
import io.postern.router.ctrl.EndpointsFile;
import io.postern.router.enroll.CertificateRenewal;
import io.postern.router.enroll.IdentityStore;
import io.postern.router.link.LinkSettings;
import io.postern.router.link.Links;
import io.postern.router.model.ModelStore;
import io.postern.router.model.ModelSubscription;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.HelloAnswer;
import io.postern.transport.TlsIdentity;
import io.postern.wire.Capabilities;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.Listener;
import io.postern.wire.ctrl.pb.Listeners;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One edge router, put together: made from a config and event loops, without any framework, so that tests can run several
 * in one process.
 */
public final class RouterNode implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RouterNode.class);

    private final RouterConfig config;
    private final EventLoopGroup loops;
    private final TlsIdentity identity;
    private final String routerId;
    private final ModelStore model;
    private final ControlPlane controllers;
    private final Links links;
    private final RouterServers servers = new RouterServers();
    private final Draining draining;
    private final List<Features.Started> features = new ArrayList<>();
    /** Model changes, in order, and writing files: never on a loop. */
    private final ScheduledExecutorService background = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().name("router-background").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile boolean closed;

    /**
     * Reads the identity files; nothing is dialled or opened yet. Blocks.
     *
     * @throws InvalidConfig a sentence that names the key
     */
    public RouterNode(RouterConfig config, EventLoopGroup loops) {
        this.config = config;
        this.loops = loops;
        IdentityStore store = new IdentityStore(config.identity());
        this.identity = new TlsIdentity(store.load());
        this.routerId = Certificates.commonName(
                        identity.material().clientChain().getFirst())
                .orElseThrow(() -> new InvalidConfig("identity.cert names no router: its subject has no common name"));
        this.model = new ModelStore(config.modelFile(), Clock.systemUTC());
        ChannelDialer dialer = new ChannelDialer(loops, config.tlsEngine());
        this.controllers = new ControlPlane(
                (address, wanted, handler) -> dialControl(dialer, address, wanted, handler),
                loops.next(),
                new EndpointsFile(config.endpointsFile()),
                background);
        this.links = new Links(linkSettings(), controllers, dialer, identity, loops.next());
        this.draining = new Draining(controllers, background);
        new ModelSubscription(
                        controllers,
                        model,
                        background,
                        background,
                        UUID.randomUUID().toString())
                .start();
        CertificateRenewal renewal =
                new CertificateRenewal(controllers, identity, store, config.csrNames(), Clock.systemUTC(), background);
        controllers.onConnected(peer -> background.execute(renewal::check));
        background.scheduleWithFixedDelay(renewal::check, 60, 60, TimeUnit.MINUTES);
    }

    private LinkSettings linkSettings() {
        return new LinkSettings(
                routerId,
                RouterVersion.text(),
                config.linkDialers().stream()
                        .map(dialer -> new LinkPlan.Dialer(dialer.binding(), Set.copyOf(dialer.groups())))
                        .toList(),
                ChannelOptions.LINK.withHeartbeats(config.linkHeartbeats()),
                config.metricsInterval());
    }

    private CompletionStage<Channel> dialControl(
            ChannelDialer dialer, Address address, String wanted, ChannelHandler handler) {
        Listeners.Builder listeners = Listeners.newBuilder();
        for (RouterConfig.LinkListener listener : config.linkListeners()) {
            listeners.addListeners(Listener.newBuilder()
                    .setAddress(servers.actual(listener.bind(), listener.advertise())
                            .toString())
                    .setProtocol("tls")
                    .addAllGroups(listener.groups())
                    .setLocalBinding(listener.binding()));
        }
        FrameBuilder hello = FrameBuilder.of(ContentType.HELLO)
                .string(Header.HELLO_VERSION, RouterVersion.text())
                .bytes(Header.CTRL_LISTENERS, listeners.build().toByteArray())
                .bytes(
                        Header.CTRL_CAPABILITIES,
                        Capabilities.of(Capabilities.ROUTER_BIND_SUCCESS, Capabilities.ROUTER_DATA_MODEL)
                                .bytes())
                .body(routerId);
        if (!wanted.isEmpty()) {
            hello.string(Header.CTRL_WANTED_ID, wanted);
        }
        ChannelOptions options = ChannelOptions.CONTROL.withHeartbeats(config.controlHeartbeats());
        return dialer.dial(address, identity, "ziti-ctrl", hello, handler, options);
    }

    /** Opens the ports and begins to dial. Blocks until the ports are open; fails with a sentence that names the address. */
    public RouterNode start() {
        Features.Context context = new Features.Context(routerId, config, loops, controllers, model, links, background);
        Features.Circuit circuits = Features.circuits(context);
        features.add(circuits);
        links.carry(circuits.traffic());
        draining.watch(circuits::count);
        links.start();
        edge(context, circuits.host());
        features.addAll(Features.others(context, circuits.host()));
        for (RouterConfig.LinkListener listener : config.linkListeners()) {
            servers.add(listener.bind(), "ziti-link", links.acceptor(listener.binding(), model::routerFingerprint));
        }
        servers.bind(loops, identity, config.tlsEngine());
        EdgeHello edgeHello = new EdgeHello(advertised(), model::index);
        controllers.on(ContentType.SERVER_HELLO, edgeHello::serverHello);
        background.scheduleWithFixedDelay(model::sweep, 1, 1, TimeUnit.SECONDS);
        long save = config.modelSaveInterval().toMillis();
        background.scheduleWithFixedDelay(model::save, save, save, TimeUnit.MILLISECONDS);
        controllers.start(config.controllers());
        LOG.infof("router.started routerId=%s controllers=%s", routerId, config.controllers());
        return this;
    }

    private void edge(Features.Context context, CircuitHost circuits) {
        List<RouterConfig.Listener> edges = edges();
        if (edges.isEmpty()) {
            return;
        }
        Features.Edge edge = Features.edge(context, circuits);
        features.add(edge);
        ChannelAcceptor acceptor = introducing(edge.acceptor());
        for (RouterConfig.Listener listener : edges) {
            Address bind = listener.bind().orElseThrow();
            servers.add(bind, "", acceptor);
            servers.add(bind, "ziti-edge", acceptor);
        }
    }

    /** Adds who we are to what an acceptor says. */
    private ChannelAcceptor introducing(ChannelAcceptor acceptor) {
        return hello -> acceptor.hello(hello).thenApply(answer -> switch (answer) {
            case HelloAnswer.Accept accept ->
                new HelloAnswer.Accept(
                        frame -> accept.headers()
                                .accept(frame.string(Header.ID, routerId)
                                        .string(Header.HELLO_VERSION, RouterVersion.text())),
                        accept.opened(),
                        accept.options());
            case HelloAnswer.Reject reject -> reject;
        });
    }

    private List<RouterConfig.Listener> edges() {
        return config.listeners().stream()
                .filter(listener -> listener.binding().equals("edge"))
                .toList();
    }

    private List<Advertised> advertised() {
        return edges().stream()
                .map(listener -> new Advertised(
                        servers.actual(
                                listener.bind().orElseThrow(), listener.bind().orElseThrow()),
                        servers.actual(listener.bind().orElseThrow(), RouterConfig.advertise(listener))))
                .toList();
    }

    public String routerId() {
        return routerId;
    }

    public ControlPlane controllers() {
        return controllers;
    }

    public ModelStore model() {
        return model;
    }

    public Links links() {
        return links;
    }

    /** Where SDKs reach this router, ports filled in. */
    public List<Address> edgeAddresses() {
        return advertised().stream().map(Advertised::advertise).toList();
    }

    /** Named numbers for metrics. */
    List<Measure> measures() {
        List<Measure> all = new ArrayList<>();
        all.add(Measure.gauge("postern.links", links::count));
        all.add(Measure.timing("postern.link.latency", links.latencies()::count, links.latencies()::nanos));
        all.add(Measure.gauge("postern.channels", links::count).labelled("kind", "link"));
        all.add(Measure.gauge(
                        "postern.channels", () -> controllers.connectedPeers().size())
                .labelled("kind", "control"));
        all.add(Measure.gauge("postern.model.index", model::index));
        all.add(Measure.gauge("postern.draining", () -> isDraining() ? 1 : 0));
        features.forEach(feature -> all.addAll(feature.measures()));
        return all;
    }

    /** Whether it has been told to go and waits for what it carries. */
    boolean isDraining() {
        return draining.began();
    }

    /**
     * Takes nobody new: controllers plan nothing over this router any more and lead what passes through another way; clients
     * move on when their Connections have ended. Blocks until no Circuit is left, or as long as the config allows.
     */
    void drain() {
        features.forEach(Features.Started::drain);
        draining.run(config.drain());
    }

    /** Closes clients, Links and control channels, in that order, and writes the model. Blocks shortly; once. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        features.reversed().forEach(Features.Started::close);
        links.close();
        servers.close();
        controllers.close();
        background.shutdown();
        try {
            background.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        model.save();
        LOG.infof("router.stopped routerId=%s", routerId);
    }
}
