package io.postern.client;

import io.netty.channel.EventLoopGroup;
import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.postern.transport.Channel;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.ChannelServer;
import io.postern.transport.CloseCause;
import io.postern.transport.HelloAnswer;
import io.postern.transport.ServerOptions;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An edge router for tests: joins dialers and hosts that are connected to it, as SDK sheet 5 says. */
final class FakeRouter implements AutoCloseable {
    private record End(Channel channel, int connId) {}

    private record Host(Channel channel, int connId, String token, byte[] key) {}

    /** A Session's token names what it is for, and the API Session that it belongs to. */
    private record Session(String service, String apiSession) {
        static Session of(Frame frame) {
            String[] parts = frame.bodyText().replaceFirst("^(Bind|Dial):", "").split("#", 2);
            return new Session(parts[0], parts[1]);
        }
    }

    final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    final AtomicInteger hellos = new AtomicInteger();
    final AtomicInteger binds = new AtomicInteger();
    volatile java.util.function.Predicate<String> acceptsToken = token -> true;
    volatile boolean busy;
    private final Map<Channel, String> apiSessions = new ConcurrentHashMap<>();
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final Map<End, End> peers = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger(Integer.MIN_VALUE);
    private final ChannelServer server;

    FakeRouter(EventLoopGroup loops, Authority authority) {
        KeyPair keys = Keys.ec256();
        var leaf = authority.issue(
                keys.getPublic(),
                "router",
                FakeController.names(),
                Authority.Usage.PEER,
                Instant.now(),
                Duration.ofDays(1));
        var chain = authority.withIntermediates(leaf);
        TlsIdentity identity =
                new TlsIdentity(new TlsIdentity.Material(keys.getPrivate(), chain, chain, authority.chain()));
        ChannelAcceptor acceptor = hello -> {
            hellos.incrementAndGet();
            String token = hello.string(Header.SESSION_TOKEN).orElse("");
            return CompletableFuture.completedFuture(answer(token));
        };
        server = ChannelServer.bind(
                        ServerOptions.of(loops, new InetSocketAddress("127.0.0.1", 0), identity),
                        Map.of("ziti-edge", acceptor))
                .toCompletableFuture()
                .join();
    }

    String address() {
        return "tls://localhost:" + server.port();
    }

    private HelloAnswer answer(String token) {
        if (busy) {
            return new HelloAnswer.Reject("about to stop", HelloAnswer.Reject.BUSY);
        }
        if (!acceptsToken.test(token)) {
            return new HelloAnswer.Reject("no such session", HelloAnswer.Reject.NOT_PERMITTED);
        }
        return new HelloAnswer.Accept(
                frame -> frame.bool(Header.SUPPORTS_BIND_SUCCESS, true),
                channel -> open(channel, token),
                ChannelOptions.EDGE);
    }

    private ChannelHandler open(Channel channel, String apiSession) {
        channels.add(channel);
        apiSessions.put(channel, apiSession);
        return new ChannelHandler() {
            @Override
            public void frame(Channel from, Frame frame) {
                try {
                    FakeRouter.this.frame(from, frame);
                } finally {
                    frame.release();
                }
            }

            @Override
            public void closed(Channel from, CloseCause cause) {
                channels.remove(from);
                apiSessions.remove(from);
                hosts.values().removeIf(host -> host.channel() == from);
                for (End end : List.copyOf(peers.keySet())) {
                    if (end.channel() == from) {
                        close(end);
                    }
                }
            }
        };
    }

    private void close(End end) {
        End other = peers.remove(end);
        if (other != null) {
            peers.remove(other);
            other.channel().send(FrameBuilder.of(ContentType.STATE_CLOSED).i32(Header.CONN_ID, other.connId()));
        }
    }

    private void frame(Channel from, Frame frame) {
        int connId = frame.i32(Header.CONN_ID, 0);
        switch (frame.contentType()) {
            case ContentType.BIND -> bind(from, frame, connId);
            case ContentType.UNBIND -> hosts.remove(Session.of(frame).service());
            case ContentType.CONNECT -> connect(from, frame, connId);
            case ContentType.DATA -> relay(from, frame, connId);
            case ContentType.STATE_CLOSED -> close(new End(from, connId));
            default -> {}
        }
    }

    private void bind(Channel from, Frame frame, int connId) {
        byte[] key = frame.bytes(Header.PUBLIC_KEY);
        binds.incrementAndGet();
        hosts.put(
                Session.of(frame).service(), new Host(from, connId, frame.bodyText(), key == null ? new byte[0] : key));
        from.send(FrameBuilder.reply(ContentType.STATE_CONNECTED, frame)
                .i32(Header.CONN_ID, connId)
                .bool(Header.ROUTER_PROVIDED_CONN_ID, true));
        from.send(FrameBuilder.of(ContentType.BIND_SUCCESS).i32(Header.CONN_ID, connId));
    }

    private void connect(Channel from, Frame frame, int connId) {
        Session session = Session.of(frame);
        if (!session.apiSession().equals(apiSessions.get(from))) {
            from.send(FrameBuilder.reply(ContentType.STATE_CLOSED, frame)
                    .i32(Header.CONN_ID, connId)
                    .string(Header.STRUCTURED_ERROR, "{\"message\":\"Invalid Session\",\"code\":3,\"retryHint\":1}")
                    .body("Invalid Session"));
            return;
        }
        Host host = hosts.get(session.service());
        if (host == null) {
            from.send(FrameBuilder.reply(ContentType.STATE_CLOSED, frame)
                    .i32(Header.CONN_ID, connId)
                    .string(Header.STRUCTURED_ERROR, "{\"message\":\"no path\",\"code\":8,\"retryHint\":0}")
                    .body("service has no terminators"));
            return;
        }
        int given = ids.getAndIncrement();
        End dialer = new End(from, connId);
        End hosted = new End(host.channel(), given);
        peers.put(dialer, hosted);
        peers.put(hosted, dialer);
        FrameBuilder dial = FrameBuilder.of(ContentType.DIAL)
                .i32(Header.CONN_ID, host.connId())
                .i32(Header.ROUTER_PROVIDED_CONN_ID, given)
                .string(Header.CALLER_ID, String.valueOf(frame.string(Header.CALLER_ID)))
                .string(Header.CIRCUIT_ID, "circuit")
                .body(host.token());
        copy(frame, dial, Header.PUBLIC_KEY);
        copy(frame, dial, Header.APP_DATA);
        int sequence = frame.sequence();
        host.channel().request(dial, Duration.ofSeconds(60)).whenComplete((answer, failure) -> {
            boolean success = answer != null && answer.contentType() == ContentType.DIAL_SUCCESS;
            FrameBuilder reply = FrameBuilder.of(success ? ContentType.STATE_CONNECTED : ContentType.STATE_CLOSED)
                    .i32(Header.REPLY_FOR, sequence)
                    .i32(Header.CONN_ID, connId)
                    .string(Header.CIRCUIT_ID, "circuit");
            if (success && host.key().length > 0) {
                reply.bytes(Header.PUBLIC_KEY, host.key());
            }
            from.send(success ? reply : reply.body(answer == null ? "gone" : answer.bodyText()));
            if (answer != null) {
                answer.release();
            }
        });
    }

    private static void copy(Frame from, FrameBuilder to, int header) {
        byte[] value = from.bytes(header);
        if (value != null) {
            to.bytes(header, value);
        }
    }

    private void relay(Channel from, Frame frame, int connId) {
        End other = peers.get(new End(from, connId));
        if (other == null) {
            return;
        }
        FrameBuilder data = FrameBuilder.of(ContentType.DATA).i32(Header.CONN_ID, other.connId());
        copy(frame, data, Header.FLAGS);
        other.channel().send(data.body(frame.body().retain()));
        if (!other.channel().isWritable()) {
            from.pauseReading();
            other.channel().loop().schedule(from::resumeReading, 1, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        server.close().toCompletableFuture().join();
    }
}
