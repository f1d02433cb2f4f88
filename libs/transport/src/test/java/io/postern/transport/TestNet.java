package io.postern.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.postern.pki.Authority;
import io.postern.pki.Authority.Usage;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A throw-away PKI, event loops, and peers that write down what they see. */
final class TestNet implements AutoCloseable {
    final Authority root = Authority.root(Keys.ec256(), "test root", Instant.now());
    final Authority signer = root.intermediate(Keys.ec256(), "test signer", Instant.now());
    final EventLoopGroup loops = Epoll.isAvailable() ? new EpollEventLoopGroup(2) : new NioEventLoopGroup(2);
    private final List<ChannelServer> servers = new java.util.concurrent.CopyOnWriteArrayList<>();

    TlsIdentity identity(String name) {
        return new TlsIdentity(material(name, Duration.ofHours(1), Instant.now()));
    }

    TlsIdentity.Material material(String name, Duration life, Instant from) {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = signer.issue(
                keys.getPublic(),
                name,
                List.of(new San.Ip("127.0.0.1"), new San.Dns("localhost")),
                Usage.PEER,
                from,
                life);
        List<X509Certificate> chain = signer.withIntermediates(leaf);
        return new TlsIdentity.Material(keys.getPrivate(), chain, chain, List.of(root.certificate()));
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    ChannelServer server(ServerOptions options, Map<String, ChannelAcceptor> acceptors) throws Exception {
        ChannelServer server = get(ChannelServer.bind(options, acceptors).toCompletableFuture());
        servers.add(server);
        return server;
    }

    ChannelServer server(TlsIdentity identity, TlsEngine engine, ChannelAcceptor acceptor) throws Exception {
        return server(
                ServerOptions.of(loops, loopback(), identity).withEngine(engine),
                Map.of("", acceptor, "ziti-edge", acceptor));
    }

    CompletableFuture<Channel> dial(ChannelServer server, TlsEngine engine, Peer peer, ChannelOptions options) {
        return dial(server, engine, identity("client"), "ziti-edge", peer, options);
    }

    CompletableFuture<Channel> dial(
            ChannelServer server,
            TlsEngine engine,
            TlsIdentity identity,
            String alpn,
            Peer peer,
            ChannelOptions options) {
        FrameBuilder hello = FrameBuilder.of(ContentType.HELLO)
                .string(Header.SESSION_TOKEN, "token")
                .body("client");
        return new ChannelDialer(loops, engine)
                .dial(new Address("127.0.0.1", server.port()), identity, alpn, hello, peer, options)
                .toCompletableFuture();
    }

    /** A TLS socket with a client's certificate, which says nothing yet; the server is not checked. */
    SSLSocket socket(ChannelServer server) throws Exception {
        TlsIdentity.Material mine = identity("raw").material();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", mine.key(), new char[0], mine.clientChain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
    }

    static ChannelAcceptor accepting(Peer peer, ChannelOptions options) {
        return hello -> CompletableFuture.completedFuture(new HelloAnswer.Accept(
                answer -> answer.string(Header.ID, "server-id"),
                channel -> {
                    peer.channel.complete(channel);
                    return peer;
                },
                options));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        servers.forEach(ChannelServer::close);
        loops.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).awaitUninterruptibly(5_000);
    }

    /** Keeps received frames, or answers requests with what a function makes of them. */
    static final class Peer implements ChannelHandler {
        final CompletableFuture<Channel> channel = new CompletableFuture<>();
        final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
        final CompletableFuture<Duration> latency = new CompletableFuture<>();
        final BlockingQueue<Boolean> writable = new LinkedBlockingQueue<>();
        final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final Function<Frame, FrameBuilder> answers;

        Peer() {
            this(null);
        }

        Peer(Function<Frame, FrameBuilder> answers) {
            this.answers = answers;
        }

        Frame next() throws InterruptedException {
            Frame frame = frames.poll(60, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame in time");
            }
            return frame;
        }

        @Override
        public void frame(Channel channel, Frame frame) {
            if (answers == null) {
                frames.add(frame);
                return;
            }
            channel.send(answers.apply(frame));
            frame.release();
        }

        @Override
        public void writable(Channel channel, boolean now) {
            writable.add(now);
        }

        @Override
        public void latency(Channel channel, Duration roundTrip) {
            latency.complete(roundTrip);
        }

        @Override
        public void closed(Channel channel, CloseCause cause) {
            closed.complete(cause);
        }
    }
}
