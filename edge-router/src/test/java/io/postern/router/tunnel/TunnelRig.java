package io.postern.router.tunnel;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.router.circuit.Circuits;
import io.postern.router.circuit.FakeControllers;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.ChannelServer;
import io.postern.transport.HelloAnswer;
import io.postern.transport.ServerOptions;
import io.postern.transport.TlsEngine;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Request;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Response;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorRequestV2;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorResponseV2;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxying router a and a hosting router b with a real TLS Link between them; the controller is played here. */
final class TunnelRig implements AutoCloseable {
    final Node a;
    final Node b;
    final Map<String, String> terminators = new ConcurrentHashMap<>();
    volatile RouteResult lastResult;
    private final AtomicInteger circuits = new AtomicInteger();
    private final ChannelServer server;

    static final class Node {
        final String id;
        final EventLoopGroup loops;
        final FakeControllers controllers = new FakeControllers();
        final TunnelModel model = new TunnelModel();
        final Map<String, Channel> links = new ConcurrentHashMap<>();
        final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor();
        final Circuits circuits;
        Tunneler tunneler;

        Node(String id, int threads) {
            this.id = id;
            DefaultThreadFactory names = new DefaultThreadFactory("router-" + id, true);
            loops = Epoll.isAvailable()
                    ? new EpollEventLoopGroup(threads, names)
                    : new NioEventLoopGroup(threads, names);
            circuits = new Circuits(
                    controllers,
                    linkId -> Optional.ofNullable(links.get(linkId)),
                    loops,
                    XgressOptions.DEFAULT,
                    Circuits.Intervals.DEFAULT);
        }

        ChannelHandler link(Channel channel) {
            links.put("link", channel);
            return new ChannelHandler() {
                @Override
                public void frame(Channel from, Frame frame) {
                    circuits.received("link", frame);
                }

                @Override
                public void writable(Channel from, boolean writable) {
                    circuits.writable("link", writable);
                }
            };
        }

        void start(TunnelSettings settings) {
            tunneler = new Tunneler(id, controllers, model, circuits, loops, background, settings);
        }

        void close() throws InterruptedException {
            tunneler.close();
            circuits.close();
            background.shutdownNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        }
    }

    TunnelRig(int threads, TunnelSettings proxies) throws Exception {
        a = new Node("a", threads);
        b = new Node("b", threads);
        Authority root = Authority.root(Keys.ec256(), "test root", Instant.now());
        server = ChannelServer.bind(
                        ServerOptions.of(
                                b.loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity(root)),
                        Map.of(
                                "ziti-link",
                                hello -> CompletableFuture.completedFuture(
                                        new HelloAnswer.Accept(answer -> {}, b::link, ChannelOptions.LINK))))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        CompletableFuture<Channel> dialed = new CompletableFuture<>();
        ChannelHandler[] handler = new ChannelHandler[1];
        dialed = new ChannelDialer(a.loops, TlsEngine.AUTO)
                .dial(
                        new Address("127.0.0.1", server.port()),
                        identity(root),
                        "ziti-link",
                        FrameBuilder.of(ContentType.HELLO).body("link"),
                        new ChannelHandler() {
                            @Override
                            public void frame(Channel from, Frame frame) {
                                a.circuits.received("link", frame);
                            }

                            @Override
                            public void writable(Channel from, boolean writable) {
                                a.circuits.writable("link", writable);
                            }
                        },
                        ChannelOptions.LINK)
                .toCompletableFuture();
        a.links.put("link", dialed.get(60, TimeUnit.SECONDS));
        b.controllers.answer = this::terminator;
        a.controllers.answer = this::circuit;
        b.start(new TunnelSettings(TunnelSettings.Mode.HOST, List.of()));
        a.start(proxies);
    }

    private static TlsIdentity identity(Authority root) {
        KeyPair keys = Keys.ec256();
        var leaf = root.issue(
                keys.getPublic(),
                "router",
                List.of(new San.Ip("127.0.0.1"), new San.Dns("localhost")),
                Authority.Usage.PEER,
                Instant.now(),
                Duration.ofHours(1));
        return new TlsIdentity(
                new TlsIdentity.Material(keys.getPrivate(), List.of(leaf), List.of(leaf), List.of(root.certificate())));
    }

    /** The same service at both, hosted at b. */
    void service(String name, boolean encrypted, String hostConfig) {
        service(name, encrypted, hostConfig, Map.of());
    }

    /** @param proxying configs as the proxying side sees them */
    void service(String name, boolean encrypted, String hostConfig, Map<String, String> proxying) {
        b.model.service(name, encrypted, Map.of("host.v1", hostConfig));
        a.model.service(name, encrypted, proxying);
    }

    /** While set, the controller refuses terminators, as without a service-edge-router policy. */
    volatile boolean refusing;

    final AtomicInteger refused = new AtomicInteger();

    private FrameBuilder terminator(Frame request) {
        if (request.contentType() != ContentType.CREATE_TUNNEL_TERMINATOR_V2) {
            return FrameBuilder.result(request, true, "");
        }
        try {
            CreateTunnelTerminatorRequestV2 asked = CreateTunnelTerminatorRequestV2.parseFrom(request.bodyBytes());
            if (refusing) {
                refused.incrementAndGet();
                return FrameBuilder.reply(ContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE, request)
                        .body(CreateTunnelTerminatorResponseV2.newBuilder()
                                .setTerminatorId(asked.getAddress())
                                .setResult(CreateTerminatorResult.FailedOther)
                                .build()
                                .toByteArray());
            }
            terminators.put(asked.getServiceId(), asked.getAddress());
            return FrameBuilder.reply(ContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE, request)
                    .body(CreateTunnelTerminatorResponseV2.newBuilder()
                            .setTerminatorId(asked.getAddress())
                            .build()
                            .toByteArray());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Plans, routes both routers, answers: what a controller does between 20220 and 20221. */
    private synchronized FrameBuilder circuit(Frame request) {
        try {
            CreateTunnelCircuitV2Request asked = CreateTunnelCircuitV2Request.parseFrom(request.bodyBytes());
            String circuit = "circuit" + circuits.incrementAndGet();
            String ingress = "in-" + circuit;
            String egress = "out-" + circuit;
            RouteResult far = b.controllers.route(route(circuit, "link", DestType.Link, egress, DestType.End)
                    .setEgress(Route.Egress.newBuilder()
                            .setBinding("tunnel")
                            .setAddress(egress)
                            .setDestination(terminators.getOrDefault("id-" + asked.getServiceName(), "none"))
                            .putAllPeerData(asked.getPeerDataMap()))
                    .build());
            lastResult = far;
            if (far.error() != null) {
                return FrameBuilder.reply(ContentType.ERROR, request).body(far.reason());
            }
            a.controllers.route(route(circuit, ingress, DestType.Start, "link", DestType.Link)
                    .build());
            CreateTunnelCircuitV2Response.Builder answer = CreateTunnelCircuitV2Response.newBuilder()
                    .setCircuitId(circuit)
                    .setAddress(ingress);
            far.peerData()
                    .forEach((key, value) -> answer.putPeerData(key, com.google.protobuf.ByteString.copyFrom(value)));
            return FrameBuilder.reply(ContentType.CREATE_TUNNEL_CIRCUIT_V2_RESPONSE, request)
                    .body(answer.build().toByteArray());
        } catch (com.google.protobuf.InvalidProtocolBufferException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Route.Builder route(String circuit, String from, DestType back, String to, DestType forth) {
        return Route.newBuilder()
                .setCircuitId(circuit)
                .addForwards(Route.Forward.newBuilder()
                        .setSrcAddress(from)
                        .setDstAddress(to)
                        .setDstType(forth))
                .addForwards(Route.Forward.newBuilder()
                        .setSrcAddress(to)
                        .setDstAddress(from)
                        .setDstType(back));
    }

    @Override
    public void close() throws Exception {
        a.close();
        server.close();
        b.close();
    }
}
