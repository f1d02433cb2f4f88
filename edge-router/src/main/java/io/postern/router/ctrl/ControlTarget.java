package io.postern.router.ctrl;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelClosed;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.transport.HelloAnswer;
import io.postern.transport.HelloRefused;
import io.postern.wire.Capabilities;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One controller to stay connected to: dials forever, its addresses in turn and then the addresses of first contact, until
 * it is dropped. Without an id it takes whichever controller answers, and is that one's from then on. Dials on one loop.
 */
final class ControlTarget implements ControlPeer, ChannelHandler {
    private static final Logger LOG = Logger.getLogger(ControlTarget.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(15);
    private static final Duration STABLE = Duration.ofSeconds(30);
    private static final Duration UNRESPONSIVE = Duration.ofSeconds(15);
    /** Dials in quick succession while a balancer leads to other controllers than the one that is wanted. */
    private static final int MOST_ASTRAY = 10;

    private final ControlPlane plane;
    private final EventLoop loop;
    private volatile List<Address> addresses;
    private volatile boolean dropped;
    private volatile long connectedAt;
    private volatile String controllerId;
    private volatile @Nullable Channel channel;
    private volatile long latency = Long.MAX_VALUE;
    private volatile boolean announced;
    private volatile boolean leads;

    // confined to the loop
    private int next;
    private int astray;
    private boolean dialing;
    private Duration retry = FIRST_RETRY;
    private @Nullable Address worked;
    private @Nullable ScheduledFuture<?> waiting;

    ControlTarget(ControlPlane plane, EventLoop loop, String controllerId, List<Address> addresses) {
        this.plane = plane;
        this.loop = loop;
        this.controllerId = controllerId;
        this.addresses = List.copyOf(addresses);
    }

    List<Address> addresses() {
        return addresses;
    }

    /** On the loop. What a controller says of itself may not be reachable from here: what worked is tried as well. */
    void addresses(List<Address> now) {
        addresses = List.copyOf(now);
    }

    /** Takes whoever answers. */
    boolean isLoose() {
        return controllerId.isEmpty();
    }

    /** On the loop: there is reason to believe that a dial succeeds now. */
    void hurry() {
        if (!dropped && !connected() && !dialing) {
            retry = FIRST_RETRY;
            astray = 0;
            dial();
        }
    }

    /** On the loop. */
    void dial() {
        if (waiting != null) {
            waiting.cancel(false);
            waiting = null;
        }
        if (dropped || dialing || connected()) {
            return;
        }
        List<Address> all = plane.contacts(addresses, worked);
        Address address = all.get(Math.floorMod(next++, all.size()));
        dialing = true;
        plane.dial(address, controllerId, this)
                .whenComplete((opened, failure) -> loop.execute(() -> {
                    dialing = false;
                    if (failure == null) {
                        worked = address;
                        astray = 0;
                    } else {
                        failed(address, failure.getCause() == null ? failure : failure.getCause());
                    }
                }));
    }

    private void failed(Address address, Throwable cause) {
        boolean other =
                cause instanceof HelloRefused refused && refused.rejectClass() == HelloAnswer.Reject.ANOTHER_CONTROLLER;
        if (other && ++astray < MOST_ASTRAY) {
            LOG.debugf("ctrl.dial.astray address=%s controllerId=%s", address, controllerId);
            next--;
            after(FIRST_RETRY.toMillis());
            return;
        }
        astray = 0;
        LOG.infof(
                "ctrl.dial.failed address=%s controllerId=%s retryMs=%d cause=%s",
                address, controllerId, retry.toMillis(), cause.getMessage());
        again();
    }

    @Override
    public void opened(Channel opened) {
        String refusal = refusal(opened);
        if (refusal != null) {
            LOG.warnf("ctrl.hello.refused address=%s why=%s", opened.remoteAddress(), refusal);
            opened.close(refusal);
            return;
        }
        if (dropped) {
            opened.close("not wanted any more");
            return;
        }
        controllerId = opened.peerId();
        channel = opened;
        connectedAt = System.nanoTime();
        LOG.infof(
                "ctrl.connected controllerId=%s channelId=%s address=%s",
                controllerId, opened.id(), opened.remoteAddress());
        announced = plane.connected(this);
        if (!announced) {
            drop("another channel to this controller is open");
        }
    }

    /** What a controller must say in its answer. Fabric sheet 1.1. */
    private static @Nullable String refusal(Channel opened) {
        if (opened.peerId().isEmpty()) {
            return "controller names no id";
        }
        if (!opened.peerHello().containsKey(Header.HELLO_VERSION)) {
            return "controller names no version";
        }
        Capabilities mask = Capabilities.read(opened.peerHello().get(Header.CTRL_CAPABILITIES));
        return mask.has(Capabilities.CONTROLLER_JWT_LEGACY_SESSIONS) ? null : "controller issues no JWT Sessions";
    }

    private void again() {
        long millis = retry.toMillis();
        retry = retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
        after(millis);
    }

    private void after(long millis) {
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        if (!dropped && waiting == null && !loop.isShuttingDown()) {
            waiting = loop.schedule(this::redial, jittered, TimeUnit.MILLISECONDS);
        }
    }

    private void redial() {
        waiting = null;
        dial();
    }

    void drop(String why) {
        dropped = true;
        Channel open = channel;
        if (open != null) {
            open.close(why);
        }
    }

    @Override
    public void frame(Channel from, Frame frame) {
        plane.dispatch(this, frame);
    }

    @Override
    public void latency(Channel from, Duration roundTrip) {
        latency = roundTrip.toNanos();
    }

    @Override
    public void closed(Channel from, CloseCause cause) {
        LOG.infof("ctrl.closed controllerId=%s channelId=%s cause=%s", controllerId, from.id(), cause);
        loop.execute(() -> {
            if (channel == from) {
                channel = null;
                latency = Long.MAX_VALUE;
                leads = false;
                if (System.nanoTime() - connectedAt > STABLE.toNanos()) {
                    retry = FIRST_RETRY;
                }
                if (announced) {
                    announced = false;
                    plane.disconnected(this);
                }
            }
            again();
        });
    }

    /** Smaller is better: unresponsive ones last, then by round trip. */
    long rank() {
        Channel open = channel;
        if (open == null) {
            return Long.MAX_VALUE;
        }
        boolean late = open.unanswered().compareTo(UNRESPONSIVE) > 0;
        return (late ? Duration.ofHours(1).toNanos() : 0)
                + Math.min(latency, Duration.ofMinutes(1).toNanos());
    }

    /** When it connected, in nanoseconds of no beginning: among equals the one that has been there longest knows most. */
    long connectedAt() {
        return connectedAt;
    }

    boolean leads() {
        return leads;
    }

    void leads(boolean value) {
        leads = value;
    }

    @Override
    public String controllerId() {
        return controllerId;
    }

    @Override
    public boolean connected() {
        Channel open = channel;
        return open != null && open.isOpen();
    }

    @Override
    public void send(FrameBuilder frame) {
        Channel open = channel;
        if (open == null) {
            frame.release();
        } else {
            open.send(frame);
        }
    }

    @Override
    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        Channel open = channel;
        if (open == null) {
            frame.release();
            return CompletableFuture.failedFuture(new ChannelClosed("controller is not connected"));
        }
        return open.request(frame, timeout);
    }

    @Override
    public void close(String reason) {
        Channel open = channel;
        if (open != null) {
            open.close(reason);
        }
    }

    @Override
    public String toString() {
        return "controller " + controllerId + " at " + addresses;
    }
}
