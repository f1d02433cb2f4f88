package io.postern.router.edge;

import io.postern.router.circuit.CircuitHost;
import io.postern.router.ctrl.Controllers;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import io.postern.transport.RequestTimeout;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import io.postern.wire.RetryHint;
import io.postern.wire.StructuredError;
import io.postern.wire.ctrl.CircuitCreated;
import io.postern.wire.ctrl.CircuitRefused;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.edge.Connect;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.StateConnected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * From Connect to StateConnected or StateClosed: session and policy here, the circuit at the controller. Runs on each
 * Channel's own loop. Source: SDK sheet 5.4, fabric sheet 4.3.
 */
final class Dialing {
    private static final Logger LOG = Logger.getLogger(Dialing.class);

    private static final StructuredError TOO_MANY =
            StructuredError.of(EdgeError.INTERNAL, "too many dials at once on this channel", RetryHint.TOO_BUSY);

    private final Controllers controllers;
    private final ModelView model;
    private final CircuitHost circuits;
    private final EdgeSettings settings;

    Dialing(Controllers controllers, ModelView model, CircuitHost circuits, EdgeSettings settings) {
        this.controllers = controllers;
        this.model = model;
        this.circuits = circuits;
        this.settings = settings;
    }

    void connect(SdkChannel channel, Connect connect, int sequence) {
        String taken = channel.table().refusal(connect.connId());
        if (taken != null) {
            StructuredError error = StructuredError.of(EdgeError.INTERNAL, taken, RetryHint.NOT_RETRIABLE);
            refuseAtOnce(channel, connect, error, sequence);
            return;
        }
        PendingConnect pending = new PendingConnect(channel, connect, sequence);
        if (!channel.dialBegins()) {
            refuseAtOnce(channel, connect, TOO_MANY, sequence);
            return;
        }
        channel.table().put(connect.connId(), pending);
        channel.patiently(
                () -> SessionGate.check(
                        model,
                        channel.session().claims(),
                        connect.sessionToken(),
                        SessionClaims.Type.DIAL,
                        connect.publicKey() != null),
                verdict -> judged(channel, pending, connect, verdict));
    }

    private static void refuseAtOnce(SdkChannel channel, Connect connect, StructuredError error, int sequence) {
        channel.counters().refused(error.code());
        channel.send(StateClosed.of(connect.connId(), error).frame().replyFor(sequence));
    }

    private void judged(SdkChannel channel, PendingConnect pending, Connect connect, SessionGate.Verdict verdict) {
        switch (verdict) {
            case SessionGate.Refused(StructuredError error, boolean lasting) -> {
                LOG.infof(
                        "dial.refused channelId=%s connId=%d identityId=%s code=%s why=%s",
                        channel.id(),
                        connect.connId(),
                        channel.session().identityId(),
                        error.code(),
                        error.cause() == null ? error.message() : error.cause());
                pending.refuse(error, null);
            }
            case SessionGate.Permitted(SessionClaims session, ModelView.Service service) -> {
                if (!pending.isOver()) {
                    ask(channel, pending, connect, session);
                }
            }
        }
    }

    private void ask(SdkChannel channel, PendingConnect pending, Connect connect, SessionClaims session) {
        String instance = connect.terminatorIdentity();
        CreateCircuit request = CreateCircuit.v2(
                connect.sessionToken(),
                channel.session().token(),
                channel.session().fingerprints(),
                instance == null ? "" : instance,
                peerData(channel.session().identityId(), connect));
        pending.asks();
        controllers
                .ask(request::frame, settings.circuitTimeout())
                .whenComplete((frame, failure) -> channel.loop().execute(() -> {
                    try {
                        answered(channel, pending, session, frame, failure);
                    } finally {
                        if (frame != null) {
                            frame.release();
                        }
                    }
                }));
    }

    private Map<Integer, byte[]> peerData(String identityId, Connect connect) {
        Map<Integer, byte[]> data = new LinkedHashMap<>();
        put(data, Header.CALLER_ID, bytes(connect.callerId()));
        put(data, Header.APP_DATA, connect.appData());
        put(data, Header.CONNECTION_MARKER, bytes(connect.connectionMarker()));
        put(data, Header.PUBLIC_KEY, connect.publicKey());
        put(data, Header.TERMINATOR_STICKINESS_TOKEN, connect.stickinessToken());
        put(data, Header.PEER_DIALER_IDENTITY_ID, bytes(identityId));
        put(
                data,
                Header.PEER_DIALER_IDENTITY_NAME,
                model.identity(identityId)
                        .map(identity -> bytes(identity.name()))
                        .orElse(null));
        return data;
    }

    private static void put(Map<Integer, byte[]> data, int key, byte @Nullable [] value) {
        if (value != null) {
            data.put(key, value);
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private void answered(
            SdkChannel channel,
            PendingConnect pending,
            SessionClaims session,
            @Nullable Frame frame,
            @Nullable Throwable failure) {
        if (frame == null) {
            String why = failure instanceof RequestTimeout
                    ? "no controller answered the circuit request in time"
                    : "no controller is connected";
            LOG.infof("dial.failed channelId=%s connId=%d why=%s", channel.id(), pending.connId(), why);
            pending.refuse(StructuredError.of(EdgeError.INTERNAL, why, RetryHint.DEFAULT), null);
        } else if (CircuitCreated.is(frame)) {
            created(channel, pending, session, frame);
        } else if (frame.contentType() == ContentType.ERROR) {
            refused(channel, pending, CircuitRefused.read(frame));
        } else {
            String why = "the controller's answer is no circuit";
            LOG.warnf("dial.failed channelId=%s connId=%d why=%s", channel.id(), pending.connId(), why);
            pending.refuse(StructuredError.of(EdgeError.INTERNAL, why, RetryHint.DEFAULT), null);
        }
    }

    private void refused(SdkChannel channel, PendingConnect pending, CircuitRefused refusal) {
        LOG.infof(
                "dial.refused channelId=%s connId=%d circuitId=%s code=%s why=%s",
                channel.id(), pending.connId(), refusal.circuitId(), refusal.code(), refusal.reason());
        DialTrace.tell(pending, refusal.circuitId(), channel.session().identityId(), refusal.reason());
        boolean session = refusal.code() == EdgeError.INVALID_SESSION;
        String text = session
                ? SessionGate.INVALID_SESSION
                : refusal.reason().isEmpty() ? refusal.code().name() : refusal.reason();
        pending.refuse(
                new StructuredError(refusal.code(), text, refusal.hint(), session ? refusal.reason() : null),
                refusal.circuitId());
    }

    private void created(SdkChannel channel, PendingConnect pending, SessionClaims session, Frame frame) {
        CircuitCreated circuit;
        try {
            circuit = CircuitCreated.read(frame);
        } catch (MalformedFrame e) {
            pending.refuse(
                    StructuredError.of(EdgeError.INTERNAL, "the controller's answer is malformed", RetryHint.DEFAULT),
                    null);
            return;
        }
        EdgeConnection connection = new EdgeConnection(
                channel, pending.connId(), circuit.circuitId(), session.serviceId(), EdgeConnection.Side.DIALER);
        boolean wanted = !pending.isOver();
        if (wanted) {
            pending.dialed();
            channel.table().put(connection.connId(), connection);
        } else {
            connection.abandon();
        }
        try {
            circuits.initiate(circuit.circuitId(), circuit.address(), channel.loop(), circuit.tags(), end -> {
                if (!connection.isOver()) {
                    channel.send(connected(pending, circuit));
                }
                return connection.attach(end, Duration.ZERO);
            });
            LOG.infof(
                    "dial.connected channelId=%s connId=%d circuitId=%s serviceId=%s identityId=%s wanted=%s",
                    channel.id(),
                    pending.connId(),
                    circuit.circuitId(),
                    session.serviceId(),
                    session.identityId(),
                    wanted);
            DialTrace.tell(pending, circuit.circuitId(), session.identityId(), null);
        } catch (RuntimeException e) {
            LOG.warnf(e, "dial.failed channelId=%s circuitId=%s", channel.id(), circuit.circuitId());
            connection.giveUp("the circuit did not reach this router");
        }
    }

    private static FrameBuilder connected(PendingConnect pending, CircuitCreated circuit) {
        return new StateConnected(
                        pending.connId(),
                        circuit.circuitId(),
                        circuit.peerData().get(Header.PUBLIC_KEY),
                        circuit.peerData().get(Header.TERMINATOR_STICKINESS_TOKEN),
                        pending.wantsRouterConnId())
                .frame()
                .replyFor(pending.sequence());
    }
}
