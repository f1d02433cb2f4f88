package io.postern.router.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.CircuitRefused;
import io.postern.wire.ctrl.pb.RemoveTerminatorsRequest;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Request;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import io.postern.wire.edgectrl.pb.UpdateTerminatorRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Terminators as the controller is told of them. What must be removed is remembered until a controller has confirmed it.
 * Any thread. Source: fabric sheet 1.3, 1.4; SDK sheet 5.5.
 */
final class Terminators {
    private static final Logger LOG = Logger.getLogger(Terminators.class);
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_REMEMBERED = 100_000;
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Controllers controllers;
    private final EventLoop loop;
    private final Duration timeout;
    private final Map<String, Consumer<Optional<CreateTerminatorV2Response>>> asked = new ConcurrentHashMap<>();
    /** Confined to the loop. */
    private final Set<String> removals = new LinkedHashSet<>();

    private boolean removing;

    Terminators(Controllers controllers, EventLoopGroup loops, Duration timeout) {
        this.controllers = controllers;
        this.loop = loops.next();
        this.timeout = timeout;
        controllers.on(ContentType.CREATE_TERMINATOR_V2_RESPONSE, this::answeredAsMessage);
        controllers.onConnected(peer -> loop.execute(this::flush));
    }

    /** @param answer called once, on any thread; empty when no controller answered in time */
    void create(CreateTerminatorV2Request request, Consumer<Optional<CreateTerminatorV2Response>> answer) {
        String terminatorId = request.getAddress();
        asked.put(terminatorId, answer);
        controllers
                .request(FrameBuilder.of(ContentType.CREATE_TERMINATOR_V2).body(request.toByteArray()), timeout)
                .whenComplete((frame, failure) -> {
                    Optional<CreateTerminatorV2Response> response = Optional.empty();
                    if (frame != null) {
                        response = Optional.of(response(frame, terminatorId));
                        frame.release();
                    } else {
                        LOG.infof("terminator.unanswered terminatorId=%s cause=%s", terminatorId, failure.getMessage());
                    }
                    if (asked.remove(terminatorId, answer)) {
                        answer.accept(response);
                    }
                });
    }

    /** Controllers may leave the answer uncorrelated; then it is known by its terminator. */
    private void answeredAsMessage(ControlPeer from, Frame frame) {
        CreateTerminatorV2Response response = response(frame, "");
        frame.release();
        Consumer<Optional<CreateTerminatorV2Response>> answer = asked.remove(response.getTerminatorId());
        if (answer != null) {
            answer.accept(Optional.of(response));
        }
    }

    private static CreateTerminatorV2Response response(Frame frame, String terminatorId) {
        if (frame.contentType() == ContentType.CREATE_TERMINATOR_V2_RESPONSE) {
            try {
                return CreateTerminatorV2Response.parseFrom(frame.bodyBytes());
            } catch (InvalidProtocolBufferException e) {
                return refused(terminatorId, "the controller's answer is malformed", 1, 0);
            }
        }
        CircuitRefused error = CircuitRefused.read(frame);
        return refused(
                terminatorId,
                error.reason(),
                error.code().number(),
                error.hint().number());
    }

    private static CreateTerminatorV2Response refused(String terminatorId, String text, int code, int hint) {
        return CreateTerminatorV2Response.newBuilder()
                .setTerminatorId(terminatorId)
                .setResult(CreateTerminatorResult.FailedOther)
                .setMsg(text)
                .setErrorCode(code)
                .setRetryHint(hint)
                .build();
    }

    /** The latest wish counts; one that is lost is not repeated, the host may send another. */
    void update(UpdateTerminatorRequest request) {
        controllers
                .request(FrameBuilder.of(ContentType.UPDATE_EDGE_TERMINATOR).body(request.toByteArray()), timeout)
                .whenComplete((frame, failure) -> {
                    if (frame == null) {
                        LOG.infof(
                                "terminator.update.failed terminatorId=%s cause=%s",
                                request.getTerminatorId(), failure.getMessage());
                        return;
                    }
                    if (frame.contentType() == ContentType.ERROR) {
                        LOG.infof(
                                "terminator.update.refused terminatorId=%s cause=%s",
                                request.getTerminatorId(), frame.bodyText());
                    }
                    frame.release();
                });
    }

    void remove(Collection<String> terminatorIds) {
        List<String> ids = List.copyOf(terminatorIds);
        if (loop.isShuttingDown()) {
            return; // the router goes down; the controller finds out by itself
        }
        loop.execute(() -> {
            for (String id : ids) {
                if (removals.size() < MOST_REMEMBERED) {
                    removals.add(id);
                }
            }
            flush();
        });
    }

    private void flush() {
        if (removing || removals.isEmpty() || !controllers.connected()) {
            return;
        }
        removing = true;
        List<String> batch = removals.stream().limit(MOST_AT_ONCE).toList();
        byte[] body = RemoveTerminatorsRequest.newBuilder()
                .addAllTerminatorIds(batch)
                .build()
                .toByteArray();
        controllers
                .request(FrameBuilder.of(ContentType.REMOVE_TERMINATORS).body(body), timeout)
                .whenComplete((frame, failure) -> {
                    boolean done = frame != null && frame.bool(Header.RESULT_SUCCESS);
                    String cause = frame == null ? failure.getMessage() : done ? null : frame.bodyText();
                    if (frame != null) {
                        frame.release();
                    }
                    loop.execute(() -> removed(batch, done, cause));
                });
    }

    private void removed(List<String> batch, boolean done, @Nullable String cause) {
        removing = false;
        if (done) {
            batch.forEach(removals::remove);
            flush();
        } else {
            LOG.infof("terminator.remove.failed count=%d cause=%s", batch.size(), cause);
            loop.schedule(this::flush, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
