package io.postern.controller.rdm;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.controller.channel.Connections;
import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.ControllerSelf;
import io.postern.controller.channel.Incoming;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.model.ModelListener;
import io.postern.controller.model.ModelUpdate;
import io.postern.controller.network.NetworkLoop;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.ChangeSet;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.SubscribeToDataModelRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves subscriptions to the router data model: replays what a router missed or sends everything, then each change as it
 * is committed. On the network loop. Source: fabric sheet 1.5.
 */
@Singleton
public class DataModelSender implements ControlFeature, ModelListener {
    private static final Logger LOG = Logger.getLogger(DataModelSender.class);
    private static final Duration INDEX_PERIOD = Duration.ofSeconds(30);
    private static final int SHORTEST_SECONDS = 10;
    private static final int LONGEST_SECONDS = 360;

    private final ModelFeed feed;
    private final Connections connections;
    private final ControllerSelf self;
    private final NetworkLoop network;
    private final ReplayCache cache = new ReplayCache();
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private List<String> keysSent = List.of();
    private volatile long index;
    private @Nullable FullState full;

    private record Subscription(RouterConnection router, String id, Instant expiresAt) {}

    private record FullState(long index, byte[] bytes) {}

    DataModelSender(
            ModelFeed feed, Connections connections, ControllerSelf self, NetworkLoop network, MeterRegistry registry) {
        this.feed = feed;
        this.connections = connections;
        this.self = self;
        this.network = network;
        feed.listen(this);
        // what routers are told of: changes that are none of theirs raise the model's own index, and never theirs
        registry.gauge("postern.model.index", this, sender -> sender.index);
        network.every(INDEX_PERIOD, this::tick);
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(ContentType.SUBSCRIBE_TO_DATA_MODEL, SubscribeToDataModelRequest.parser(), this::subscribe);
        handlers.onFrame(ContentType.VALIDATE_DATA_STATE_RESPONSE, frame -> "", answer -> {});
    }

    @Override
    public void disconnected(RouterConnection router) {
        subscriptions.remove(router.routerId());
    }

    @Override
    public void reloaded() {
        index = feed.routersIndex();
    }

    /** A router that comes from another controller may be ahead of what this one has read. */
    private void subscribe(Incoming<SubscribeToDataModelRequest> request) {
        SubscribeToDataModelRequest wish = request.message();
        if (wish.getTimelineId().equals(feed.timelineId()) && wish.getCurrentIndex() > index) {
            feed.refresh()
                    .whenComplete((read, failure) -> network.run(() -> {
                        if (connections
                                .with(request.routerId())
                                .filter(request.from()::equals)
                                .isPresent()) {
                            subscribeNow(request);
                        }
                    }));
        } else {
            subscribeNow(request);
        }
    }

    private void subscribeNow(Incoming<SubscribeToDataModelRequest> request) {
        SubscribeToDataModelRequest wish = request.message();
        Subscription old = subscriptions.get(request.routerId());
        int seconds = Math.clamp(
                Integer.toUnsignedLong(wish.getSubscriptionDurationSeconds()), SHORTEST_SECONDS, LONGEST_SECONDS);
        Subscription subscription = new Subscription(
                request.from(), wish.getSubscriptionId(), Instant.now().plusSeconds(seconds));
        subscriptions.put(request.routerId(), subscription);
        boolean goesOn = wish.getRenew()
                && old != null
                && old.router() == request.from()
                && old.id().equals(wish.getSubscriptionId());
        if (!goesOn || wish.getCurrentIndex() != index) {
            bringLevel(subscription, wish, goesOn);
        }
    }

    private void bringLevel(Subscription subscription, SubscribeToDataModelRequest wish, boolean goesOn) {
        boolean sameTimeline = wish.getTimelineId().equals(feed.timelineId());
        String how = "level";
        if (!sameTimeline || wish.getCurrentIndex() != index) {
            List<ChangeSet> missed =
                    sameTimeline ? cache.after(wish.getCurrentIndex()).orElse(List.of()) : List.of();
            how = missed.isEmpty() ? "full" : "replay";
            missed.forEach(set -> send(subscription, set.toByteArray()));
            if (missed.isEmpty()) {
                sendFull(subscription);
            }
        }
        sendKeys(subscription.router());
        subscription.router().synced();
        LOG.infof(
                "model.subscribed %s subscriptionId=%s from=%d index=%d sent=%s renewed=%s",
                subscription.router(), subscription.id(), wish.getCurrentIndex(), index, how, goesOn);
    }

    private void sendFull(Subscription subscription) {
        FullState state = full;
        if (state == null || state.index() != index) {
            DataState.Builder builder = DataState.newBuilder()
                    .setEndIndex(index)
                    .setTimelineId(feed.timelineId())
                    .addAllEvents(DataEvents.full(feed.model(), self.authorities(), self.signers(), Instant.now()));
            state = new FullState(index, builder.build().toByteArray());
            full = state;
        }
        subscription
                .router()
                .send(FrameBuilder.of(ContentType.DATA_STATE)
                        .string(Header.DATA_MODEL_SUBSCRIPTION_ID, subscription.id())
                        .body(state.bytes()));
    }

    private static void send(Subscription subscription, byte[] changeSet) {
        subscription
                .router()
                .send(FrameBuilder.of(ContentType.DATA_STATE_CHANGE_SET)
                        .string(Header.DATA_MODEL_SUBSCRIPTION_ID, subscription.id())
                        .body(changeSet));
    }

    /** Keys are known to every router whatever it subscribed to, so the set carries no index and no subscription. */
    private void sendKeys(RouterConnection router) {
        ChangeSet keys = ChangeSet.newBuilder()
                .setIsSynthetic(true)
                .addAllChanges(DataEvents.publicKeys(self.authorities(), self.signers()))
                .build();
        router.send(ContentType.DATA_STATE_CHANGE_SET, keys);
    }

    @Override
    public void changed(ModelUpdate update) {
        List<Event> events = DataEvents.of(feed.model(), update.events());
        if (events.isEmpty() && !update.forRouters()) {
            return;
        }
        ChangeSet set = ChangeSet.newBuilder()
                .setIndex(update.index())
                .setPreviousIndex(index)
                .addAllChanges(events)
                .build();
        index = update.index();
        full = null;
        cache.add(set);
        byte[] bytes = set.toByteArray();
        subscriptions.values().forEach(each -> send(each, bytes));
    }

    private void tick() {
        Instant now = Instant.now();
        subscriptions.values().removeIf(each -> each.expiresAt().isBefore(now));
        subscriptions
                .values()
                .forEach(each -> each.router()
                        .send(FrameBuilder.of(ContentType.CURRENT_INDEX).u64(Header.DATA_MODEL_INDEX, index)));
        List<String> keys = DataEvents.publicKeys(self.authorities(), self.signers()).stream()
                .map(event -> event.getPublicKey().getKid())
                .toList();
        if (!keys.equals(keysSent)) {
            keysSent = keys;
            full = null;
            connections.connected().forEach(this::sendKeys);
        }
    }
}
