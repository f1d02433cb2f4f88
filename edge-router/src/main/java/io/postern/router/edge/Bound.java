package io.postern.router.edge;

import com.google.protobuf.ByteString;
import io.postern.router.model.SessionClaims;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.RetryHint;
import io.postern.wire.StructuredError;
import io.postern.wire.edge.Bind;
import io.postern.wire.edge.Precedence;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.UpdateBind;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Request;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import io.postern.wire.edgectrl.pb.TerminatorPrecedence;
import io.postern.wire.edgectrl.pb.UpdateTerminatorRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One bind of a client: its terminator at the controller, and what a Dial towards it has to say. Confined to the Channel's
 * loop. Source: SDK sheet 5.5.
 */
final class Bound implements Carried {
    private static final Logger LOG = Logger.getLogger(Bound.class);
    private static final int MOST_COST = 0xFFFF;

    private final SdkChannel channel;
    private final Bind bind;
    private final SessionClaims sessionClaims;
    private final HostTable<Bound> hosts;
    private final HostTable.Claim claim;
    private final Terminators terminators;
    private final BindLife life = new BindLife();
    private volatile String terminatorId;
    private int cost;
    private Precedence precedence;

    Bound(
            SdkChannel channel,
            Bind bind,
            SessionClaims session,
            HostTable<Bound> hosts,
            HostTable.Claim claim,
            String terminatorId,
            Terminators terminators) {
        this.channel = channel;
        this.bind = bind;
        this.sessionClaims = session;
        this.hosts = hosts;
        this.claim = claim;
        this.terminatorId = terminatorId;
        this.terminators = terminators;
        this.cost = bind.cost();
        this.precedence = bind.precedence();
    }

    SdkChannel channel() {
        return channel;
    }

    Bind bind() {
        return bind;
    }

    SessionClaims session() {
        return sessionClaims;
    }

    String terminatorId() {
        return terminatorId;
    }

    boolean isOver() {
        return life.state() == BindLife.State.OVER;
    }

    /** Registers and asks the controller. */
    void begin() {
        hosts.put(claim, terminatorId, this);
        ask();
    }

    private void ask() {
        String asked = terminatorId;
        terminators.create(
                request(), answer -> channel.loop().execute(() -> perform(stepAfter(asked, answer), answer)));
    }

    private BindLife.Step stepAfter(String asked, Optional<CreateTerminatorV2Response> answer) {
        if (!asked.equals(terminatorId)) {
            return BindLife.Step.NOTHING;
        }
        return answer.map(response -> life.answered(response.getResult())).orElseGet(life::unanswered);
    }

    private CreateTerminatorV2Request request() {
        CreateTerminatorV2Request.Builder request = CreateTerminatorV2Request.newBuilder()
                .setAddress(terminatorId)
                .setSessionToken(bind.sessionToken())
                .setApiSessionToken(channel.session().token())
                .addAllFingerprints(channel.session().fingerprints())
                .setCost(cost)
                .setPrecedence(TerminatorPrecedence.forNumber(precedence.ordinal()));
        if (bind.instanceId() != null) {
            request.setInstanceId(bind.instanceId());
        }
        if (bind.instanceSecret() != null) {
            request.setInstanceSecret(ByteString.copyFrom(bind.instanceSecret()));
        }
        if (bind.publicKey() != null) {
            request.putPeerData(Header.PUBLIC_KEY, ByteString.copyFrom(bind.publicKey()));
        }
        return request.build();
    }

    private void perform(BindLife.Step step, Optional<CreateTerminatorV2Response> answer) {
        switch (step) {
            case NOTHING -> {}
            case ASK -> ask();
            case RENAME -> {
                hosts.remove(terminatorId, this);
                terminatorId = Hosting.newTerminatorId();
                hosts.put(claim, terminatorId, this);
                ask();
            }
            case WAIT -> {
                Duration wait = life.backoff();
                LOG.infof("bind.waiting terminatorId=%s wait=%s", terminatorId, wait);
                channel.loop()
                        .schedule(() -> perform(life.due(), Optional.empty()), wait.toMillis(), TimeUnit.MILLISECONDS);
            }
            case ANNOUNCE -> {
                LOG.infof(
                        "bind.established channelId=%s connId=%d terminatorId=%s serviceId=%s identityId=%s",
                        channel.id(),
                        bind.connId(),
                        terminatorId,
                        sessionClaims.serviceId(),
                        sessionClaims.identityId());
                if (bind.wantsBindSuccess()) {
                    channel.send(FrameBuilder.of(ContentType.BIND_SUCCESS).i32(Header.CONN_ID, bind.connId()));
                }
            }
            case GIVE_UP -> answer.ifPresent(this::refused);
            case REMOVE -> removeTerminator();
        }
    }

    private void refused(CreateTerminatorV2Response response) {
        LOG.infof(
                "bind.refused channelId=%s connId=%d terminatorId=%s serviceId=%s result=%s why=%s",
                channel.id(),
                bind.connId(),
                terminatorId,
                sessionClaims.serviceId(),
                response.getResult(),
                response.getMsg());
        if (gone() && life.announced()) {
            terminators.remove(List.of(terminatorId));
        }
        EdgeError code;
        RetryHint hint;
        switch (response.getResult()) {
            case FailedInvalidSession -> {
                code = EdgeError.INVALID_SESSION;
                hint = RetryHint.START_OVER;
            }
            default -> {
                code = EdgeError.of(response.getErrorCode());
                hint = RetryHint.of(response.getRetryHint());
            }
        }
        String text = response.getMsg().isEmpty() ? "the terminator was refused" : response.getMsg();
        channel.send(StateClosed.of(bind.connId(), StructuredError.of(code, text, hint))
                .frame());
    }

    void controllerConnected() {
        perform(life.controllerConnected(), Optional.empty());
    }

    void update(UpdateBind update) {
        if (isOver()) {
            return;
        }
        if (update.cost() != null) {
            cost = Math.clamp(update.cost(), 0, MOST_COST);
        }
        if (update.precedence() != null) {
            precedence = update.precedence();
        }
        sendUpdate(update.cost() != null, update.precedence() != null, precedence);
    }

    /** A failed check makes the terminator the last choice, a passed one what the host wants it to be. */
    void health(boolean passed) {
        if (!isOver()) {
            sendUpdate(false, true, passed ? precedence : Precedence.FAILED);
        }
    }

    private void sendUpdate(boolean costChanged, boolean precedenceChanged, Precedence wanted) {
        terminators.update(UpdateTerminatorRequest.newBuilder()
                .setTerminatorId(terminatorId)
                .setSessionToken(bind.sessionToken())
                .setApiSessionToken(channel.session().token())
                .addAllFingerprints(channel.session().fingerprints())
                .setUpdateCost(costChanged)
                .setCost(costChanged ? cost : 0)
                .setUpdatePrecedence(precedenceChanged)
                .setPrecedence(TerminatorPrecedence.forNumber(precedenceChanged ? wanted.ordinal() : 0))
                .build());
    }

    /** The host ends it, or its Channel is gone. */
    void close(String why) {
        if (!isOver()) {
            LOG.infof(
                    "bind.closed channelId=%s connId=%d terminatorId=%s serviceId=%s why=%s",
                    channel.id(), bind.connId(), terminatorId, sessionClaims.serviceId(), why);
        }
        perform(life.closed(), Optional.empty());
    }

    @Override
    public void channelLost(String why) {
        close(why);
    }

    /** The right to host is gone. */
    void cut(StructuredError error) {
        if (!isOver()) {
            close(error.message());
            channel.send(StateClosed.of(bind.connId(), error).frame());
        }
    }

    /** A newer bind of the same listener has the terminator now; it stays. */
    void takenOver() {
        if (!isOver()) {
            LOG.infof(
                    "bind.taken_over channelId=%s connId=%d terminatorId=%s",
                    channel.id(), bind.connId(), terminatorId);
            life.closed();
            if (channel.table().get(bind.connId()) != this) {
                return; // the newer one has this very id: its client must not take the end for its own
            }
            channel.ended(bind.connId(), this);
            StructuredError error = StructuredError.of(
                    EdgeError.INTERNAL, "a newer bind of this listener has taken over", RetryHint.DEFAULT);
            channel.send(StateClosed.of(bind.connId(), error).frame());
        }
    }

    private void removeTerminator() {
        if (gone()) {
            terminators.remove(List.of(terminatorId));
        }
    }

    private boolean gone() {
        channel.ended(bind.connId(), this);
        return hosts.remove(terminatorId, this);
    }

    @Override
    public String toString() {
        return "bind connId=" + bind.connId() + " terminatorId=" + terminatorId;
    }
}
