package io.postern.router.edge;

import io.netty.channel.EventLoop;
import io.postern.router.model.ApiSessionClaims;
import io.postern.router.model.ModelView;
import io.postern.router.model.TokenCheck;
import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.RetryHint;
import io.postern.wire.StructuredError;
import io.postern.wire.edge.Bind;
import io.postern.wire.edge.Connect;
import io.postern.wire.edge.Data;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.UpdateBind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A client's Channel: takes its messages to whom they concern and takes everything down with it. All on the Channel's
 * loop but {@link #sweep}. Source: SDK sheet 5.1, 5.12.
 */
final class SdkChannel implements ChannelHandler {
    private static final Logger LOG = Logger.getLogger(SdkChannel.class);
    /** Clients take ten seconds without a word for the end. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

    private final Channel channel;
    private final EdgeListener listener;
    private final ConnectionTable<Carried> table;
    private final List<EdgeConnection> slowed = new ArrayList<>();
    private ApiSession session;
    private int holds;
    private int dials;
    private long waitingBytes;
    private boolean overfull;
    private boolean alive;
    private boolean closed;

    SdkChannel(EdgeListener listener, Channel channel, ApiSession session) {
        this.listener = listener;
        this.channel = channel;
        this.session = session;
        this.table = new ConnectionTable<>(listener.settings().mostConnections());
    }

    String id() {
        return channel.id();
    }

    EventLoop loop() {
        return channel.loop();
    }

    EdgeSettings settings() {
        return listener.settings();
    }

    EdgeCounters counters() {
        return listener.counters();
    }

    ApiSession session() {
        return session;
    }

    ConnectionTable<Carried> table() {
        return table;
    }

    boolean isOpen() {
        return !closed && channel.isOpen();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void send(FrameBuilder frame) {
        channel.send(frame);
    }

    CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        return channel.request(frame, timeout);
    }

    void close(String why) {
        channel.close(why);
    }

    /** Closes it when all that it carries are binds. Any thread. */
    void closeUnlessUsed() {
        loop().execute(() -> {
            if (!closed && table.allThat(carried -> !(carried instanceof Bound)).isEmpty()) {
                close("router is about to stop");
            }
        });
    }

    /** A connection has more waiting than it may: the last resort is not to read this client at all. */
    void hold() {
        if (holds++ == 0) {
            LOG.debugf("channel.held channelId=%s", id());
            channel.pauseReading();
            signOfLife();
        }
    }

    /** A client that is not read gets no answer to its probes; by this it knows that we are here. */
    private void signOfLife() {
        if (alive) {
            return;
        }
        alive = true;
        Runnable sign = () -> {
            alive = false;
            if (holds > 0 && isOpen()) {
                channel.send(FrameBuilder.of(ContentType.LATENCY).u64(Header.REFLECTED, System.nanoTime()));
                signOfLife();
            }
        };
        loop().schedule(sign, SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
    }

    void unhold() {
        if (--holds == 0) {
            channel.resumeReading();
        }
    }

    /** What all connections together hold back changed by so much. */
    void waiting(long change) {
        waitingBytes += change;
        if (!overfull && waitingBytes > settings().mostWaitingInAll()) {
            overfull = true;
            hold();
        } else if (overfull && waitingBytes <= settings().mostWaitingInAll() / 2) {
            overfull = false;
            unhold();
        }
    }

    /** False when as many Connects wait for their answer as may. */
    boolean dialBegins() {
        if (dials >= settings().mostDials()) {
            return false;
        }
        dials++;
        return true;
    }

    void dialEnds() {
        dials--;
    }

    /** Told again when the Channel has room. */
    void slowed(EdgeConnection connection) {
        slowed.add(connection);
    }

    void ended(int connId, Carried carried) {
        table.remove(connId, carried);
    }

    @Override
    public void frame(Channel from, Frame frame) {
        try {
            take(frame);
        } finally {
            frame.release();
        }
    }

    private void take(Frame frame) {
        switch (frame.contentType()) {
            case ContentType.DATA -> {
                if (table.get(Data.connId(frame)) instanceof EdgeConnection connection) {
                    connection.fromClient(frame);
                }
            }
            case ContentType.CONNECT -> listener.dialing().connect(this, Connect.read(frame), frame.sequence());
            case ContentType.BIND -> listener.hosting().bind(this, Bind.read(frame), frame.sequence());
            case ContentType.STATE_CLOSED ->
                closedByClient(StateClosed.read(frame).connId());
            case ContentType.UNBIND -> listener.hosting().unbind(this, Data.connId(frame), frame.sequence());
            case ContentType.UPDATE_BIND -> listener.hosting().update(this, UpdateBind.read(frame));
            case ContentType.HEALTH_EVENT -> listener.hosting().health(this, Data.connId(frame), frame);
            case ContentType.UPDATE_TOKEN -> updateToken(frame);
            case ContentType.CONNECT_V2 -> refuseV2(frame);
            case ContentType.TRACE_ROUTE -> answerTrace(frame);
            case ContentType.DIAL_SUCCESS -> {
                // nobody waits for it any more: the host has a connection that leads nowhere
                int connId = DialSuccess.read(frame).newConnId();
                send(StateClosed.of(connId, "the dial was given up").frame());
            }
            default -> LOG.debugf("frame.ignored channelId=%s contentType=%d", id(), frame.contentType());
        }
    }

    private void closedByClient(int connId) {
        switch (table.get(connId)) {
            case EdgeConnection connection -> connection.closedByClient();
            case Bound bound -> bound.close("closed by the host");
            case PendingConnect pending -> pending.over();
            case null -> {}
        }
    }

    private void refuseV2(Frame frame) {
        StructuredError error = StructuredError.of(
                EdgeError.INTERNAL, "this router takes Connect by session token only", RetryHint.NOT_RETRIABLE);
        send(StateClosed.of(Data.connId(frame), error).frame().replyFor(frame.sequence()));
    }

    /** The trace ends at this hop; what lies behind it is not the client's to map. */
    private void answerTrace(Frame frame) {
        int hops = frame.i32(Header.TRACE_HOP_COUNT, 1);
        FrameBuilder answer = FrameBuilder.of(ContentType.TRACE_ROUTE_RESPONSE)
                .replyFor(frame.sequence())
                .i32(Header.CONN_ID, Data.connId(frame))
                .i32(Header.TRACE_HOP_COUNT, Math.max(hops - 1, 0))
                .string(Header.TRACE_HOP_TYPE, "xgress/edge")
                .string(Header.TRACE_HOP_ID, "")
                .optional(Header.TIMESTAMP, frame.bytes(Header.TIMESTAMP));
        if (hops > 1) {
            answer.string(Header.TRACE_ERROR, "traces end at the first router");
        }
        send(answer);
    }

    private void updateToken(Frame frame) {
        String token = frame.bodyText();
        Optional<String> refusal = switch (listener.model().verifyAccessToken(token)) {
            case TokenCheck.Refused<ApiSessionClaims>(String why) -> Optional.of(why);
            case TokenCheck.Valid<ApiSessionClaims>(ApiSessionClaims claims) -> replace(claims, token);
        };
        if (refusal.isEmpty()) {
            LOG.debugf(
                    "token.updated channelId=%s apiSessionId=%s",
                    id(), session.claims().apiSessionId());
            send(FrameBuilder.reply(ContentType.UPDATE_TOKEN_SUCCESS, frame));
            return;
        }
        StructuredError error = StructuredError.of(EdgeError.INVALID_API_SESSION, refusal.get(), RetryHint.START_OVER);
        send(FrameBuilder.reply(ContentType.UPDATE_TOKEN_FAILURE, frame)
                .bytes(Header.STRUCTURED_ERROR, error.json())
                .i32(Header.ERROR_CODE, error.code().number())
                .body(error.message()));
        close("token update refused: " + refusal.get());
    }

    private Optional<String> replace(ApiSessionClaims claims, String token) {
        if (!claims.apiSessionId().equals(session.claims().apiSessionId())
                || !claims.identityId().equals(session.identityId())) {
            return Optional.of("the token belongs to another API session");
        }
        Optional<String> refusal = listener.model().certificateRefusal(claims, channel.peerChain());
        if (refusal.isEmpty()) {
            session = new ApiSession(claims, token, session.fingerprints());
        }
        return refusal;
    }

    /** Gives a verdict that may turn with the next change of the model a little time to do so. */
    void patiently(Supplier<SessionGate.Verdict> check, Consumer<SessionGate.Verdict> then) {
        patiently(check, then, 0);
    }

    private void patiently(Supplier<SessionGate.Verdict> check, Consumer<SessionGate.Verdict> then, int turn) {
        if (closed) {
            return;
        }
        SessionGate.Verdict verdict = check.get();
        List<Duration> patience = settings().patience();
        if (verdict instanceof SessionGate.Refused(StructuredError error, boolean lasting)
                && !lasting
                && turn < patience.size()) {
            loop().schedule(
                            () -> patiently(check, then, turn + 1),
                            patience.get(turn).toMillis(),
                            TimeUnit.MILLISECONDS);
            return;
        }
        then.accept(verdict);
    }

    /** Ends what is no longer allowed. Any thread. */
    void sweep(boolean rightsToo) {
        loop().execute(() -> {
            if (closed) {
                return;
            }
            Optional<String> refusal = listener.model().refusal(session.claims());
            if (refusal.isPresent()) {
                LOG.infof("channel.cut channelId=%s %s why=%s", id(), session, refusal.get());
                close(refusal.get());
            } else if (rightsToo) {
                checkRights();
            }
        });
    }

    private void checkRights() {
        ModelView model = listener.model();
        Map<String, ModelView.Decision> dials = new HashMap<>();
        Map<String, ModelView.Decision> binds = new HashMap<>();
        for (Carried carried : table.all()) {
            if (carried instanceof EdgeConnection connection) {
                ModelView.Decision decision = connection.side() == EdgeConnection.Side.DIALER
                        ? dials.computeIfAbsent(connection.serviceId(), id -> model.mayDial(session.identityId(), id))
                        : binds.computeIfAbsent(connection.serviceId(), id -> model.mayBind(session.identityId(), id));
                if (!decision.allowed()) {
                    LOG.infof("connection.cut channelId=%s %s %s why=%s", id(), connection, session, decision.why());
                    connection.cut(decision.why());
                }
            } else if (carried instanceof Bound bound) {
                ModelView.Decision decision = binds.computeIfAbsent(
                        bound.session().serviceId(), id -> model.mayBind(session.identityId(), id));
                if (!decision.allowed()) {
                    bound.cut(StructuredError.of(EdgeError.ACCESS_DENIED, decision.why(), RetryHint.START_OVER));
                }
            }
        }
    }

    @Override
    public void writable(Channel from, boolean writable) {
        if (writable) {
            List<EdgeConnection> waiting = List.copyOf(slowed);
            slowed.clear();
            waiting.forEach(EdgeConnection::unslow);
        }
    }

    @Override
    public void closed(Channel from, CloseCause cause) {
        closed = true;
        listener.closed(this);
        LOG.infof("channel.closed channelId=%s %s carried=%d cause=%s", id(), session, table.size(), cause);
        for (Carried carried : table.all()) {
            carried.channelLost("the client's channel closed");
        }
        slowed.clear();
    }
}
