package io.postern.controller.replica;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.network.NetworkLoop;
import io.postern.controller.pki.Advertised;
import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import io.postern.observe.Trouble;
import io.postern.pki.Certificates;
import io.postern.wire.Release;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Future;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The controllers over this database. This one joins when its port is open, says at every beat that it lives and which
 * routers it has, and leaves when it is stopped. {@link #known} is read from any thread; all else happens on the network
 * loop.
 */
@Singleton
public class Replicas {
    private static final Logger LOG = Logger.getLogger(Replicas.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final ReplicaStore store;
    private final Claim claim;
    private final NetworkLoop network;
    private final ReplicaConfig config;
    private final PosternConfig postern;
    private final Advertised advertised;
    private final Pki pki;
    private final String instance = UUID.randomUUID().toString();
    private final List<ReplicaListener> listeners = new ArrayList<>();
    private final List<Runnable> silentListeners = new ArrayList<>();
    private final Trouble trouble = new Trouble();
    private volatile ReplicaSet known;
    private volatile boolean stopped;

    // confined to the network loop
    private Supplier<Map<String, RouterSeen>> routers = Map::of;
    private Map<String, RouterSeen> routersTold = Map.of();
    private boolean joined;
    private boolean beating;
    private boolean again;

    Replicas(
            ReplicaStore store,
            Claim claim,
            NetworkLoop network,
            ReplicaConfig config,
            PosternConfig postern,
            Advertised advertised,
            Pki pki) {
        this.store = store;
        this.claim = claim;
        this.network = network;
        this.config = config;
        this.postern = postern;
        this.advertised = advertised;
        this.pki = pki;
        this.known = ReplicaSet.unread(postern.controllerId());
        claim.hear("controllers", this::look);
    }

    /** The controllers as last read, which is a beat ago at most while the database answers. Any thread. */
    public ReplicaSet known() {
        return known;
    }

    /** Before the start; called on the network loop. */
    public void listen(ReplicaListener listener) {
        listeners.add(listener);
    }

    /** Called on the network loop when the others may have taken this controller for dead: it was silent for too long. */
    public void onSilence(Runnable listener) {
        silentListeners.add(listener);
    }

    /** Called on the network loop when another controller notifies {@code channel}, or may have. Before the start. */
    public void hear(String channel, Runnable listener) {
        claim.hear(channel, listener);
    }

    /** Where the routers connected here come from, by id; asked on the network loop. */
    public void routers(Supplier<Map<String, RouterSeen>> source) {
        routers = source;
    }

    /** Tells the others soon that routers came or went. */
    public void routersChanged() {
        if (joined) {
            look();
        }
    }

    void listening(@ObservesAsync HttpsServerStart event) {
        claim.hold(postern.controllerId(), new Claim.Outcome() {
            @Override
            public void held() {
                network.execute(Replicas.this::join);
            }

            @Override
            public void taken() {
                LOG.errorf(
                        "controller.id.taken controllerId=%s: another controller over this database has this id;"
                                + " give each its own postern.controller-id",
                        postern.controllerId());
                Quarkus.asyncExit(1);
            }
        });
        network.every(config.beat(), this::look);
    }

    /** This controller as it says of itself when it joins. Any thread, once the port is open. */
    public Replica self() {
        KeyEntry leaf = pki.https();
        Instant now = Instant.now();
        return new Replica(
                postern.controllerId(),
                instance,
                Release.NUMBER,
                advertised.controlAddress(),
                advertised.url(),
                Certificates.toPem(leaf.certificate()),
                leaf.kid(),
                now,
                now,
                true,
                0,
                Map.of());
    }

    private void join() {
        if (joined || stopped) {
            return;
        }
        Replica self = self();
        store.join(self)
                .onComplete(
                        done -> network.run(() -> {
                            joined = true;
                            routersTold = Map.of();
                            LOG.infof(
                                    "controller.joined controllerId=%s controlAddress=%s url=%s",
                                    self.id(), self.controlAddress(), self.url());
                            look();
                        }),
                        failure -> network.run(() -> {
                            LOG.warnf("controller.join.failed: %s", failure.getMessage());
                            network.after(config.beat(), this::join);
                        }));
    }

    /** Says that this one lives and looks at the others; one look at a time. */
    private void look() {
        if (stopped) {
            return;
        }
        if (beating) {
            again = true;
            return;
        }
        beating = true;
        again = false;
        // read first: how long this one was silent is seen only before it speaks again
        store.read(known, config.silence())
                .onComplete(
                        read -> network.run(() -> {
                            speak();
                            looked(read);
                        }),
                        failure -> network.run(() -> {
                            warn(failure);
                            beating = false;
                        }));
    }

    private void speak() {
        if (!joined) {
            return;
        }
        Map<String, RouterSeen> now = Map.copyOf(routers.get());
        Future<Boolean> spoken = now.equals(routersTold)
                ? store.beat(postern.controllerId(), instance)
                : store.beat(postern.controllerId(), instance, routersTold, now);
        spoken.onComplete(
                there -> network.run(() -> {
                    routersTold = now;
                    if (!there && joined && !stopped) {
                        forgotten();
                    }
                }),
                this::warn);
    }

    /** A beat that the end overtook is no failure. */
    private void warn(Throwable failure) {
        if (!stopped && trouble.isNews(failure.getMessage())) {
            LOG.warnf("controller.beat.failed: %s", failure.getMessage());
        }
    }

    /** The others gave this one up; it joins them anew. */
    private void forgotten() {
        LOG.warnf("controller.forgotten controllerId=%s", postern.controllerId());
        joined = false;
        join();
    }

    private void looked(ReplicaSet now) {
        beating = false;
        trouble.over();
        ReplicaSet before = known;
        known = now;
        if (joined && now.own().filter(Replica::online).isEmpty()) {
            silentListeners.forEach(Runnable::run);
        }
        if (isNews(before, now)) {
            log(before, now);
            for (ReplicaListener each : listeners) {
                try {
                    each.changed(before, now);
                } catch (RuntimeException e) {
                    LOG.error("controller.listener.failed", e);
                }
            }
        }
        if (now.isEldest()) {
            forgetTheGone(now);
        }
        if (again) {
            look();
        }
    }

    private void forgetTheGone(ReplicaSet now) {
        if (now.all().stream().anyMatch(each -> !each.online())) {
            store.forget(config.forget())
                    .onFailure(failure -> LOG.warnf("controller.forget.failed: %s", failure.getMessage()));
        }
    }

    private record Seen(String instance, boolean online, long routersVersion) {}

    private static boolean isNews(ReplicaSet before, ReplicaSet now) {
        return before.version() != now.version()
                || !before.all().stream()
                        .map(Replicas::seen)
                        .toList()
                        .equals(now.all().stream().map(Replicas::seen).toList());
    }

    private static Seen seen(Replica replica) {
        return new Seen(replica.instance(), replica.online(), replica.routersVersion());
    }

    private static void log(ReplicaSet before, ReplicaSet now) {
        for (Replica each : now.all()) {
            boolean was = before.all().stream().anyMatch(old -> old.instance().equals(each.instance()) && old.online());
            if (each.online() != was) {
                LOG.infof(
                        each.online() ? "controller.online controllerId=%s" : "controller.silent controllerId=%s",
                        each.id());
            }
        }
        for (Replica old : before.all()) {
            if (now.all().stream().noneMatch(each -> each.id().equals(old.id()))) {
                LOG.infof("controller.left controllerId=%s", old.id());
            }
        }
    }

    /** Routers are told by the others before this one's channels close. Waits shortly for the database. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        claim.stop();
        CountDownLatch left = new CountDownLatch(1);
        store.leave(postern.controllerId(), instance).onComplete(done -> left.countDown());
        if (!left.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warnf("controller.leave.unanswered controllerId=%s", postern.controllerId());
        }
    }
}
