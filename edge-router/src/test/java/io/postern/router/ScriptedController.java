package io.postern.router;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.EventLoopGroup;
import io.postern.pki.Authority;
import io.postern.pki.Authority.Usage;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.ChannelServer;
import io.postern.transport.CloseCause;
import io.postern.transport.GroupHello;
import io.postern.transport.HelloAnswer;
import io.postern.transport.PendingHello;
import io.postern.transport.ServerOptions;
import io.postern.transport.TlsIdentity;
import io.postern.wire.Capabilities;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.VerifyRouter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A controller that says what a test tells it to, and keeps what routers say. */
final class ScriptedController implements AutoCloseable {
    final Authority authority = Authority.root(Keys.ec256(), "test root", Instant.now());
    final Map<String, Session> routers = new ConcurrentHashMap<>();
    private final EventLoopGroup loops;
    private final String id;
    private final TlsIdentity identity;
    private volatile ChannelServer server;
    private volatile int port;

    /** One router's control channel. */
    static final class Session implements ChannelHandler {
        /** Whom this one says no to when asked to verify. */
        final Set<String> unverified = ConcurrentHashMap.newKeySet();

        final PendingHello hello;
        final Channel channel;
        final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final List<Frame> seen = new ArrayList<>();

        Session(PendingHello hello, Channel channel) {
            this.hello = hello;
            this.channel = channel;
        }

        @Override
        public void frame(Channel from, Frame frame) {
            if (frame.contentType() == ContentType.VERIFY_ROUTER) {
                verify(from, frame);
                frame.release();
            } else {
                frames.add(frame);
            }
        }

        private void verify(Channel from, Frame frame) {
            try {
                VerifyRouter asked = VerifyRouter.parseFrom(frame.bodyBytes());
                boolean known = !unverified.contains(asked.getRouterId()) && asked.getFingerprintsCount() == 1;
                from.send(FrameBuilder.result(frame, known, known ? "router verified" : "unknown router"));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void closed(Channel from, CloseCause cause) {}

        /** The next frame of this kind; others are kept, for routers fix no order among kinds. */
        Frame next(int contentType) throws InterruptedException {
            return next(contentType, frame -> true);
        }

        Frame next(int contentType, Predicate<Frame> fits) throws InterruptedException {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < until) {
                Frame frame = frames.poll(200, TimeUnit.MILLISECONDS);
                if (frame != null) {
                    seen.add(frame);
                }
                for (Frame candidate : seen) {
                    if (candidate.contentType() == contentType && fits.test(candidate)) {
                        seen.remove(candidate);
                        return candidate;
                    }
                }
            }
            throw new AssertionError("no frame of content type " + contentType + " in time");
        }
    }

    ScriptedController(EventLoopGroup loops, String id) throws Exception {
        this.loops = loops;
        this.id = id;
        this.identity = identity(id);
        listen(0);
    }

    private void listen(int at) throws Exception {
        server = ChannelServer.bind(
                        ServerOptions.of(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), at), identity),
                        Map.of("ziti-ctrl", hello -> CompletableFuture.completedFuture(accept(hello))))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        port = server.port();
    }

    private HelloAnswer accept(PendingHello hello) {
        return new HelloAnswer.Accept(
                answer -> {
                    GroupHello.answer(hello, GroupHello.secret(hello), answer);
                    answer.string(Header.HELLO_VERSION, "v2.1.0|x|2026-01-01|linux|amd64")
                            .string(Header.ID, id)
                            .bytes(
                                    Header.CTRL_CAPABILITIES,
                                    Capabilities.of(1, 2, 3, 4, 6).bytes());
                },
                channel -> {
                    Session session = new Session(hello, channel);
                    routers.put(hello.body(), session);
                    return session;
                },
                ChannelOptions.CONTROL);
    }

    TlsIdentity identity(String name) {
        return new TlsIdentity(material(name));
    }

    TlsIdentity.Material material(String name) {
        return material(name, Duration.ofDays(60));
    }

    TlsIdentity.Material material(String name, Duration life) {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = authority.issue(
                keys.getPublic(),
                name,
                List.of(new San.Ip("127.0.0.1"), new San.Dns("localhost")),
                Usage.PEER,
                Instant.now(),
                life);
        return new TlsIdentity.Material(
                keys.getPrivate(), List.of(leaf), List.of(leaf), List.of(authority.certificate()));
    }

    int port() {
        return port;
    }

    Session router(String routerId) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            Session session = routers.get(routerId);
            if (session != null && session.channel.isOpen()) {
                return session;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("router " + routerId + " did not come");
    }

    void stop() throws Exception {
        server.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Comes back on the port it had. */
    void restart() throws Exception {
        routers.clear();
        listen(port);
    }

    @Override
    public void close() {
        server.close();
    }
}
