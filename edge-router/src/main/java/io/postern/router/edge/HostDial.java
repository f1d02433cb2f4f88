package io.postern.router.edge;

import io.postern.router.circuit.DialOutcome;
import io.postern.router.circuit.EgressRequest;
import io.postern.transport.RequestTimeout;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import io.postern.wire.RouteError;
import io.postern.wire.edge.Dial;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.StateConnected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One Dial to a host, with an id of the router when the host asked for that in its Bind, else with an id that the host
 * answers and the router confirms by StateConnected. Confined to the Channel's loop. Source: SDK sheet 5.3, 5.5.
 */
final class HostDial {
    private static final Logger LOG = Logger.getLogger(HostDial.class);

    private final Bound bound;
    private final SdkChannel channel;
    private final EgressRequest request;
    private final EdgeSettings settings;
    private final CompletableFuture<DialOutcome> outcome;
    private @Nullable EdgeConnection connection;

    HostDial(Bound bound, EgressRequest request, EdgeSettings settings, CompletableFuture<DialOutcome> outcome) {
        this.bound = bound;
        this.channel = bound.channel();
        this.request = request;
        this.settings = settings;
        this.outcome = outcome;
    }

    void begin() {
        if (bound.isOver() || !channel.isOpen()) {
            fail(RouteError.INVALID_TERMINATOR, "the host of terminator " + request.destination() + " has gone");
            return;
        }
        if (channel.table().full()) {
            fail(RouteError.RESOURCES_NOT_AVAILABLE, "too many connections on the host's channel");
            return;
        }
        Integer newConnId = null;
        if (bound.bind().wantsRouterConnId()) {
            // registered before the host knows of it: its first Data follows its answer at once
            newConnId = channel.table().allocate();
            connection = register(newConnId);
        }
        Duration timeout =
                request.timeout().compareTo(settings.dialTimeout()) < 0 ? request.timeout() : settings.dialTimeout();
        channel.request(dial(newConnId).frame(), timeout)
                .whenComplete((frame, failure) -> channel.loop().execute(() -> answered(frame, failure)));
    }

    private EdgeConnection register(int connId) {
        EdgeConnection registered = new EdgeConnection(
                channel, connId, request.circuitId(), bound.session().serviceId(), EdgeConnection.Side.HOST);
        channel.table().put(connId, registered);
        return registered;
    }

    private Dial dial(@Nullable Integer newConnId) {
        String caller = text(Header.CALLER_ID);
        return new Dial(
                bound.bind().connId(),
                bound.bind().sessionToken(),
                newConnId,
                caller == null ? "" : caller,
                request.circuitId(),
                request.peerData().get(Header.PUBLIC_KEY),
                request.peerData().get(Header.APP_DATA),
                text(Header.CONNECTION_MARKER),
                text(Header.PEER_DIALER_IDENTITY_ID),
                text(Header.PEER_DIALER_IDENTITY_NAME));
    }

    private @Nullable String text(int key) {
        byte[] value = request.peerData().get(key);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private void answered(@Nullable Frame frame, @Nullable Throwable failure) {
        if (frame == null) {
            if (failure instanceof RequestTimeout) {
                fail(RouteError.DIAL_TIMED_OUT, "the host did not answer the dial in time");
            } else {
                fail(RouteError.INVALID_TERMINATOR, "the host's channel closed during the dial");
            }
            return;
        }
        try {
            switch (frame.contentType()) {
                case ContentType.DIAL_SUCCESS -> accepted(DialSuccess.read(frame), frame.sequence());
                case ContentType.DIAL_FAILED ->
                    fail(
                            RouteError.REJECTED_BY_APPLICATION,
                            frame.bodyLength() == 0 ? "the host refused the connection" : frame.bodyText());
                default -> fail(RouteError.GENERIC, "the host's answer is no answer to a dial");
            }
        } catch (MalformedFrame e) {
            fail(RouteError.GENERIC, "the host's answer is malformed");
            channel.close(e.getMessage());
        } finally {
            frame.release();
        }
    }

    private void accepted(DialSuccess success, int sequence) {
        boolean hostChose = connection == null;
        if (connection == null) {
            String taken = channel.table().refusal(success.newConnId());
            if (taken != null) {
                fail(RouteError.GENERIC, "the host chose an id that cannot be: " + taken);
                return;
            }
            connection = register(success.newConnId());
            channel.send(StateConnected.of(success.newConnId()).frame().replyFor(sequence));
        } else if (connection.connId() != success.newConnId()) {
            fail(RouteError.GENERIC, "the host answered with another connection id");
            return;
        }
        LOG.infof(
                "host.connected channelId=%s connId=%s circuitId=%s terminatorId=%s",
                channel.id(),
                Integer.toUnsignedString(connection.connId()),
                request.circuitId(),
                request.destination());
        EdgeConnection accepted = connection;
        Duration settling = hostChose ? settings.settling() : Duration.ZERO;
        outcome.complete(new DialOutcome.Connected(
                peerData(success),
                channel.loop(),
                end -> accepted.attach(end, settling),
                () -> channel.loop().execute(() -> accepted.giveUp("the dial was given up"))));
    }

    private Map<Integer, byte[]> peerData(DialSuccess success) {
        Map<Integer, byte[]> data = new HashMap<>();
        byte[] key = success.publicKey() == null ? bound.bind().publicKey() : success.publicKey();
        if (key != null) {
            data.put(Header.PUBLIC_KEY, key);
        }
        return data;
    }

    private void fail(RouteError error, String why) {
        LOG.infof(
                "host.failed channelId=%s circuitId=%s terminatorId=%s error=%s why=%s",
                channel.id(), request.circuitId(), request.destination(), error, why);
        if (connection != null) {
            connection.abandon();
        }
        outcome.complete(new DialOutcome.Failed(error, why));
    }
}
