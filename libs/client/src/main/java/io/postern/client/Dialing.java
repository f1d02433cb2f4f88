package io.postern.client;

import io.postern.client.DialRefused.Hop;
import io.postern.client.crypto.KeyExchange;
import io.postern.trace.Span;
import io.postern.trace.Traces;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks an edge router for a connection. SDK sheet 5.4. */
final class Dialing {
    private Dialing() {}

    /** Who dials, and how. */
    record Wish(String callerId, DialOptions options) {}

    /** What becomes of a dial: an end of a connection id. */
    interface Dialled extends RouterChannel.Endpoint {
        /** Before the first read or write: the circuit, and the keys where the connection is encrypted. */
        void begin(String circuit, KeyExchange.@Nullable Keys both);

        /** It came to nothing. */
        void abandon();
    }

    /** Where to dial, and with what right. */
    record Target(RouterChannel channel, Service service, Grant grant) {}

    /** A connection that is read and written by threads that may block. Blocks; not on a loop. */
    static EdgeConnection dial(Target target, Wish wish, Duration timeout) throws IOException {
        int connId = target.channel().nextId();
        var facts = new EdgeConnection.Facts(
                target.service().name(), wish.callerId(), wish.options().appData());
        return dial(target, connId, new EdgeConnection(target.channel(), connId, facts), wish, timeout);
    }

    /** A stream on its channel's loop; its channel ends with it when that is the stream's own. Blocks; not on a loop. */
    static EdgeLoopStream stream(Target target, boolean ownsChannel, Wish wish, Duration timeout) throws IOException {
        int connId = target.channel().nextId();
        return dial(target, connId, new EdgeLoopStream(target.channel(), connId, ownsChannel), wish, timeout);
    }

    /** Blocks until the host took the connection. */
    private static <T extends Dialled> T dial(Target target, int connId, T connection, Wish wish, Duration timeout)
            throws IOException {
        RouterChannel channel = target.channel();
        Service service = target.service();
        KeyExchange own = service.encryptionRequired() ? KeyExchange.create() : null;
        // Registered first: data may be right behind the answer.
        channel.register(connId, connection);
        boolean connected = false;
        long began = System.nanoTime();
        try {
            Frame answer = channel.request(connect(connId, target.grant(), own, wish), timeout);
            try {
                String circuit = answer.string(Header.CIRCUIT_ID);
                if (answer.contentType() != ContentType.STATE_CONNECTED) {
                    DialRefused refused = DialRefused.of(channel.router(), service.name(), answer);
                    trace(circuit, channel, service, began, refused.getMessage());
                    throw refused;
                }
                connection.begin(circuit == null ? "" : circuit, keys(own, answer, channel.router(), service));
                connected = true;
                trace(circuit, channel, service, began, null);
            } finally {
                answer.release();
            }
            return connection;
        } finally {
            if (!connected) {
                connection.abandon();
            }
        }
    }

    /** The router and the controller tell their parts; the circuit's id joins them. */
    private static void trace(
            @Nullable String circuit, RouterChannel channel, Service service, long began, @Nullable String error) {
        Traces traces = Traces.of("postern-client");
        if (traces.areOn() && circuit != null) {
            Map<String, String> facts =
                    Map.of("circuitId", circuit, "service", service.name(), "router", channel.router());
            traces.span(circuit, Span.Stage.DIAL, null, began, System.nanoTime(), facts, error);
        }
    }

    private static KeyExchange.@Nullable Keys keys(
            @Nullable KeyExchange own, Frame answer, String router, Service service) throws DialRefused {
        if (own == null) {
            return null;
        }
        byte[] host = answer.bytes(Header.PUBLIC_KEY);
        if (host == null) {
            throw new DialRefused(
                    Hop.PEER,
                    router,
                    "service " + service.name() + " requires end-to-end encryption, but its host offers no key");
        }
        try {
            return own.client(host);
        } catch (IllegalArgumentException e) {
            throw new DialRefused(Hop.PEER, router, "the host's key does not fit: " + e.getMessage());
        }
    }

    private static FrameBuilder connect(int connId, Grant grant, @Nullable KeyExchange own, Wish wish) {
        FrameBuilder connect = FrameBuilder.of(ContentType.CONNECT)
                .i32(Header.CONN_ID, connId)
                .string(Header.CALLER_ID, wish.callerId())
                .string(Header.CONNECTION_MARKER, UUID.randomUUID().toString());
        if (own != null) {
            connect.bytes(Header.PUBLIC_KEY, own.publicKey()).u8(Header.CRYPTO_METHOD, 0);
        }
        DialOptions options = wish.options();
        if (options.instance() != null) {
            connect.string(Header.TERMINATOR_IDENTITY, options.instance());
        }
        if (options.appData().length > 0) {
            connect.bytes(Header.APP_DATA, options.appData());
        }
        return connect.body(grant.token());
    }
}
