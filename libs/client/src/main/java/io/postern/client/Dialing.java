package io.postern.client;

import io.postern.client.DialRefused.Hop;
import io.postern.client.crypto.KeyExchange;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks an edge router for a connection. SDK sheet 5.4. */
final class Dialing {
    private Dialing() {}

    /** Who dials, and how. */
    record Wish(String callerId, DialOptions options) {}

    /** Blocks until the host took the connection; not on a loop. */
    static EdgeConnection dial(RouterChannel channel, Service service, Grant grant, Wish wish, Duration timeout)
            throws IOException {
        int connId = channel.nextId();
        KeyExchange own = service.encryptionRequired() ? KeyExchange.create() : null;
        EdgeConnection connection = new EdgeConnection(
                channel,
                connId,
                new EdgeConnection.Facts(
                        service.name(), wish.callerId(), wish.options().appData()));
        // Registered first: data may be right behind the answer.
        channel.register(connId, connection);
        boolean connected = false;
        try {
            Frame answer = channel.request(connect(connId, grant, own, wish), timeout);
            try {
                if (answer.contentType() != ContentType.STATE_CONNECTED) {
                    connection.lost("refused");
                    throw DialRefused.of(channel.router(), service.name(), answer);
                }
                String circuit = answer.string(Header.CIRCUIT_ID);
                connection.begin(circuit == null ? "" : circuit, keys(own, answer, channel.router(), service));
                connected = true;
            } finally {
                answer.release();
            }
            return connection;
        } finally {
            if (!connected) {
                connection.close();
            }
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
