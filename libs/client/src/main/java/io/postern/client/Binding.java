package io.postern.client;

import io.netty.buffer.Unpooled;
import io.postern.client.DialRefused.Hop;
import io.postern.client.crypto.KeyExchange;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A service bound at one edge router. Dials that arrive become connections of the listener. SDK sheet 5.5. */
final class Binding implements RouterChannel.Endpoint {
    private static final Logger LOG = Logger.getLogger(Binding.class);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration TERMINATOR = Duration.ofSeconds(60);
    private static final int TYPE_BIND = 2;

    /** What a binding needs to know of its listener. */
    interface Host {
        Service hosted();

        BindOptions options();

        byte[] listenerId();

        /** Is there room for one more connection? Takes the place if there is; on the loop. */
        boolean reserve();

        /** Fills a reserved place, or gives it back. */
        void accepted(@Nullable EdgeConnection connection);
    }

    private final RouterChannel channel;
    private final Host host;
    private final String token;
    private final int connId;
    private final KeyExchange keys = KeyExchange.create();
    private final CompletableFuture<Void> terminator = new CompletableFuture<>();
    private final CompletableFuture<DialRefused> ended = new CompletableFuture<>();

    Binding(RouterChannel channel, Host host, String token) {
        this.channel = channel;
        this.host = host;
        this.token = token;
        this.connId = channel.nextId();
    }

    /** Binds and waits until the terminator exists, where the router tells. Not on a loop. */
    void bind() throws IOException {
        channel.register(connId, this);
        boolean bound = false;
        try {
            Frame answer = channel.request(bindFrame(), ANSWER);
            try {
                if (answer.contentType() != ContentType.STATE_CONNECTED) {
                    throw DialRefused.of(channel.router(), host.hosted().name(), answer);
                }
            } finally {
                answer.release();
            }
            if (channel.tellsBindSuccess()) {
                awaitTerminator();
            }
            bound = true;
        } finally {
            if (!bound) {
                channel.forget(connId);
            }
        }
    }

    private FrameBuilder bindFrame() {
        FrameBuilder bind = FrameBuilder.of(ContentType.BIND)
                .i32(Header.CONN_ID, connId)
                .bool(Header.ROUTER_PROVIDED_CONN_ID, true)
                .bytes(Header.LISTENER_ID, host.listenerId())
                .bool(Header.SUPPORTS_INSPECT, true)
                .bool(Header.SUPPORTS_BIND_SUCCESS, true);
        if (host.hosted().encryptionRequired()) {
            bind.bytes(Header.PUBLIC_KEY, keys.publicKey()).u8(Header.CRYPTO_METHOD, 0);
        }
        BindOptions options = host.options();
        if (options.cost() != 0) {
            bind.u16(Header.COST, options.cost());
        }
        if (options.precedence() != BindOptions.Precedence.DEFAULT) {
            bind.u8(Header.PRECEDENCE, options.precedence().ordinal());
        }
        if (options.instance() != null) {
            bind.string(Header.TERMINATOR_IDENTITY, options.instance());
        }
        return bind.body(token);
    }

    private void awaitTerminator() throws IOException {
        try {
            CompletableFuture.anyOf(terminator, ended).get(TERMINATOR.toSeconds(), TimeUnit.SECONDS);
            if (ended.isDone()) {
                throw ended.join();
            }
        } catch (TimeoutException e) {
            close();
            throw new DialRefused(
                    Hop.NETWORK, channel.router(), "edge router " + channel.router() + " made no terminator in time");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while binding");
        }
    }

    /** Completes with the reason when the router or the channel ends the binding. */
    CompletableFuture<DialRefused> ended() {
        return ended;
    }

    String router() {
        return channel.router();
    }

    /** Takes the terminator away. */
    void close() {
        if (!ended.complete(new DialRefused(Hop.PEER, channel.router(), "listener closed"))) {
            return;
        }
        channel.forget(connId);
        if (channel.isOpen()) {
            channel.channel()
                    .send(FrameBuilder.of(ContentType.UNBIND)
                            .i32(Header.CONN_ID, connId)
                            .bytes(Header.LISTENER_ID, host.listenerId())
                            .body(token));
            channel.channel().send(FrameBuilder.of(ContentType.STATE_CLOSED).i32(Header.CONN_ID, connId));
        }
    }

    @Override
    public void lost(String why) {
        ended.complete(new DialRefused(Hop.EDGE_ROUTER, channel.router(), why));
    }

    @Override
    public void frame(Frame frame) {
        switch (frame.contentType()) {
            case ContentType.DIAL -> dialled(frame);
            case ContentType.BIND_SUCCESS -> {
                terminator.complete(null);
                frame.release();
            }
            case ContentType.STATE_CLOSED -> {
                channel.forget(connId);
                ended.complete(DialRefused.of(channel.router(), host.hosted().name(), frame));
                frame.release();
            }
            case ContentType.CONN_INSPECT_REQUEST -> {
                channel.channel().send(EdgeConnection.inspected(frame, connId, TYPE_BIND));
                frame.release();
            }
            default -> frame.release();
        }
    }

    /** On the loop: registers the connection, so that nothing that follows is lost, and leaves the rest to a thread. */
    private void dialled(Frame dial) {
        String refusal = refusal(dial);
        if (refusal != null) {
            channel.channel()
                    .send(FrameBuilder.reply(ContentType.DIAL_FAILED, dial)
                            .i32(Header.CONN_ID, connId)
                            .body(refusal));
            dial.release();
            return;
        }
        int id = dial.i32(Header.ROUTER_PROVIDED_CONN_ID, 0);
        int given = id == 0 ? channel.nextId() : id;
        String caller = dial.string(Header.CALLER_ID);
        byte[] appData = dial.bytes(Header.APP_DATA);
        EdgeConnection.Facts facts = new EdgeConnection.Facts(
                host.hosted().name(), caller == null ? "" : caller, appData == null ? new byte[0] : appData);
        EdgeConnection connection = new EdgeConnection(channel, given, facts);
        channel.register(given, connection);
        Thread.startVirtualThread(() -> accept(dial, given, connection));
    }

    private @Nullable String refusal(Frame dial) {
        if (!dial.bodyText().equals(token)) {
            return "dial does not carry the session of this binding";
        }
        byte[] key = dial.bytes(Header.PUBLIC_KEY);
        if (host.hosted().encryptionRequired() && (key == null || key.length != KeyExchange.PUBLIC_KEY)) {
            return "service requires end-to-end encryption, and the dialer sent no key that fits";
        }
        return host.reserve() ? null : "host is busy: too many connections wait to be accepted";
    }

    private void accept(Frame dial, int id, EdgeConnection connection) {
        EdgeConnection accepted = null;
        try {
            String circuit = dial.string(Header.CIRCUIT_ID);
            byte[] key = host.hosted().encryptionRequired() ? dial.bytes(Header.PUBLIC_KEY) : null;
            KeyExchange.Keys both = key == null ? null : keys.server(key);
            channel.channel()
                    .send(FrameBuilder.reply(ContentType.DIAL_SUCCESS, dial)
                            .i32(Header.CONN_ID, connId)
                            .body(Unpooled.buffer(4).writeIntLE(id)));
            connection.begin(circuit == null ? "" : circuit, both);
            accepted = connection;
        } catch (IllegalArgumentException e) {
            LOG.warnf(
                    "dial.refused service=%s router=%s cause=%s", host.hosted().name(), router(), e.getMessage());
            channel.forget(id);
            channel.channel()
                    .send(FrameBuilder.reply(ContentType.DIAL_FAILED, dial)
                            .i32(Header.CONN_ID, connId)
                            .body(e.getMessage()));
        } finally {
            dial.release();
            host.accepted(accepted);
        }
    }
}
