package io.postern.router.edge;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.circuit.Circuits;
import io.postern.transport.Address;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelOptions;
import io.postern.transport.ChannelServer;
import io.postern.transport.ServerOptions;
import io.postern.transport.TlsEngine;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.FrameLimits;
import io.postern.wire.Header;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The SDK listener on a real TLS port, between scripted clients and a fake network behind it. */
final class EdgeRig implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<Duration> IMPATIENT = List.of(Duration.ofMillis(20), Duration.ofMillis(50));

    final EventLoopGroup loops = new NioEventLoopGroup(2);
    final FakeModel model = new FakeModel();
    final FakeCircuits circuits = new FakeCircuits();
    final FakeControllers controllers = new FakeControllers(circuits, loops);
    final EdgeListener listener;
    final ChannelServer server;
    private final Authority root = Authority.root(Keys.ec256(), "root", Instant.now());
    private final TlsIdentity clients;

    EdgeRig() {
        this(false, LONG, IMPATIENT);
    }

    /** Real circuits, routed by real messages, instead of pairs of ends. */
    static EdgeRig routing() {
        return new EdgeRig(true, LONG, IMPATIENT);
    }

    /** A host must answer so soon. */
    static EdgeRig hurried(Duration dialTimeout) {
        return new EdgeRig(false, dialTimeout, IMPATIENT);
    }

    /** A model that lags is looked at again until it has caught up. */
    static EdgeRig patient() {
        return new EdgeRig(false, LONG, Collections.nCopies(600, Duration.ofMillis(100)));
    }

    private EdgeRig(boolean routing, Duration dialTimeout, List<Duration> patience) {
        controllers.routing = routing;
        model.services.add("svc");
        CircuitHost behind = routing ? realCircuits() : circuits;
        EdgeSettings settings = new EdgeSettings(
                LONG, dialTimeout, LONG, 100, 64 * 1024, 256 * 1024, 50, Duration.ofMillis(10), patience);
        listener = new EdgeListener(controllers, model, behind, loops, settings);
        clients = identity("client");
        try {
            server = ChannelServer.bind(
                            ServerOptions.of(
                                    loops,
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    identity("router-1")),
                            Map.of("", listener, EdgeListener.ALPN, listener))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Circuits realCircuits() {
        return new Circuits(
                controllers, linkId -> Optional.empty(), loops, XgressOptions.DEFAULT, Circuits.Intervals.DEFAULT);
    }

    private TlsIdentity identity(String name) {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = root.issue(
                keys.getPublic(),
                name,
                List.of(new San.Ip("127.0.0.1")),
                Authority.Usage.PEER,
                Instant.now(),
                Duration.ofHours(1));
        return new TlsIdentity(
                new TlsIdentity.Material(keys.getPrivate(), List.of(leaf), List.of(leaf), List.of(root.certificate())));
    }

    SdkPeer client(String identity) throws Exception {
        return client(identity, EdgeListener.ALPN, FakeModel.access(identity));
    }

    /** Fails as the dial fails. */
    SdkPeer client(String identity, String alpn, String token) throws Exception {
        SdkPeer peer = new SdkPeer();
        FrameBuilder hello = FrameBuilder.of(ContentType.HELLO)
                .string(Header.SESSION_TOKEN, token)
                .body(identity);
        ChannelOptions options = ChannelOptions.EDGE.withLimits(FrameLimits.EDGE);
        peer.channel = new ChannelDialer(loops, TlsEngine.AUTO)
                .dial(new Address("127.0.0.1", server.port()), clients, alpn, hello, peer, options)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        return peer;
    }

    /** A TLS socket to the listener that says nothing yet; the server is not checked. */
    SSLSocket socket() throws Exception {
        TlsIdentity.Material mine = clients.material();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", mine.key(), new char[0], mine.clientChain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
    }

    @Override
    public void close() throws Exception {
        server.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).await(5, TimeUnit.SECONDS);
    }
}
