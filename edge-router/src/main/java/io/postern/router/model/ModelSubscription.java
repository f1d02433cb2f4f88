package io.postern.router.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postern.fabric.model.Applied;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.SubscribeToDataModelRequest;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store in step with one controller: subscribes, renews, asks anew after a gap, moves to another controller when
 * this one is gone. Everything happens on the model's own thread, in order of arrival. Fabric sheet 1.5.
 */
public final class ModelSubscription {
    private static final Logger LOG = Logger.getLogger(ModelSubscription.class);
    private static final Duration LIFE = Duration.ofSeconds(300);
    private static final Duration RENEW = Duration.ofSeconds(200);
    private static final Duration LAG = Duration.ofSeconds(3);

    private final Controllers controllers;
    private final ModelStore store;
    private final Executor thread;
    private final ScheduledExecutorService timers;
    private final String subscriptionId;
    private @Nullable ControlPeer subscribedTo;

    /** @param thread runs one task at a time, in order */
    public ModelSubscription(
            Controllers controllers,
            ModelStore store,
            Executor thread,
            ScheduledExecutorService timers,
            String subscriptionId) {
        this.controllers = controllers;
        this.store = store;
        this.thread = thread;
        this.timers = timers;
        this.subscriptionId = subscriptionId;
    }

    /** Registers with the controllers; before the first dial. */
    public void start() {
        controllers.on(ContentType.DATA_STATE, (from, frame) -> thread.execute(() -> state(from, frame)));
        controllers.on(ContentType.DATA_STATE_CHANGE_SET, (from, frame) -> thread.execute(() -> changes(from, frame)));
        controllers.on(ContentType.CURRENT_INDEX, (from, frame) -> thread.execute(() -> index(from, frame)));
        controllers.onConnected(peer -> thread.execute(() -> connected(peer)));
        controllers.onDisconnected(peer -> thread.execute(() -> disconnected(peer)));
        controllers.inspect(
                "router-data-model-index",
                () -> "{\"index\":" + store.index() + ",\"timeline\":\"" + store.timelineId() + "\"}");
        timers.scheduleWithFixedDelay(
                () -> thread.execute(this::renew), RENEW.toSeconds(), RENEW.toSeconds(), TimeUnit.SECONDS);
    }

    private void connected(ControlPeer peer) {
        ControlPeer now = subscribedTo;
        if (now == null || !now.connected() || now.controllerId().equals(peer.controllerId())) {
            subscribe(peer, false);
        }
    }

    private void disconnected(ControlPeer peer) {
        ControlPeer now = subscribedTo;
        if (now != null && now.controllerId().equals(peer.controllerId())) {
            subscribedTo = null;
            controllers.best().ifPresent(next -> subscribe(next, false));
        }
    }

    private void renew() {
        ControlPeer now = subscribedTo;
        if (now != null && now.connected()) {
            subscribe(now, true);
        } else {
            controllers.best().ifPresent(next -> subscribe(next, false));
        }
    }

    private void subscribe(ControlPeer peer, boolean renew) {
        subscribedTo = peer;
        SubscribeToDataModelRequest.Builder request = SubscribeToDataModelRequest.newBuilder()
                .setSubscriptionDurationSeconds((int) LIFE.toSeconds())
                .setSubscriptionId(subscriptionId)
                .setRenew(renew);
        if (store.ready()) {
            request.setCurrentIndex(store.index()).setTimelineId(store.timelineId());
        }
        peer.send(FrameBuilder.of(ContentType.SUBSCRIBE_TO_DATA_MODEL)
                .body(request.build().toByteArray()));
    }

    private void state(ControlPeer from, Frame frame) {
        try {
            if (!subscriptionId.equals(frame.string(Header.DATA_MODEL_SUBSCRIPTION_ID))) {
                LOG.debugf("model.state.foreign subscriptionId=%s", frame.string(Header.DATA_MODEL_SUBSCRIPTION_ID));
                return;
            }
            store.replace(DataState.parseFrom(frame.body().nioBuffer()));
            store.save();
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            malformed(from, "state", e);
        } finally {
            frame.release();
        }
    }

    private void changes(ControlPeer from, Frame frame) {
        try {
            DataState.ChangeSet set = DataState.ChangeSet.parseFrom(frame.body().nioBuffer());
            if (!set.getIsSynthetic() && !isSubscribedTo(from)) {
                return;
            }
            if (store.apply(set) instanceof Applied.Gap(long current, long previous)) {
                LOG.infof("model.gap index=%d previous=%d next=%d", current, previous, set.getIndex());
                subscribe(from, false);
            }
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            malformed(from, "changes", e);
        } finally {
            frame.release();
        }
    }

    /** Costs the channel: whatever comes after it may build on it. The next one begins with a new subscription. */
    private void malformed(ControlPeer from, String what, Exception cause) {
        LOG.warnf(
                "model.malformed controllerId=%s what=%s index=%d cause=%s",
                from.controllerId(), what, store.index(), cause);
        from.close("model " + what + " cannot be read");
    }

    /** The controller says how far it is; when we are still behind a little later, something was lost. */
    private void index(ControlPeer from, Frame frame) {
        long theirs = frame.u64(Header.DATA_MODEL_INDEX, 0);
        frame.release();
        if (!isSubscribedTo(from) || theirs <= store.index()) {
            return;
        }
        timers.schedule(
                () -> thread.execute(() -> {
                    if (store.index() < theirs && isSubscribedTo(from)) {
                        LOG.infof("model.behind index=%d theirs=%d", store.index(), theirs);
                        subscribe(from, false);
                    }
                }),
                LAG.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private boolean isSubscribedTo(ControlPeer peer) {
        ControlPeer now = subscribedTo;
        return now != null && now.controllerId().equals(peer.controllerId());
    }
}
