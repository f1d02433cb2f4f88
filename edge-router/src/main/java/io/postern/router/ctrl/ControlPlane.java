package io.postern.router.ctrl;

import io.netty.channel.EventLoop;
import io.postern.router.ctrl.EndpointsFile.Endpoints;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelClosed;
import io.postern.transport.ChannelHandler;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a channel to every controller, hands out their messages, and follows what they say about where controllers are. Several may stand
 * behind one address: each is then dialled there until it is the one that answers.
 */
public final class ControlPlane implements Controllers {
    private static final Logger LOG = Logger.getLogger(ControlPlane.class);
    private static final int MOST_CONTROLLERS = 64;
    /** Time for controllers that are known to come back before others are sought. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ControlDialer dialer;
    private final EventLoop loop;
    private final EndpointsFile file;
    private final Executor blocking;
    private final Map<Integer, ControlHandler> handlers = new ConcurrentHashMap<>();
    private final Map<String, Supplier<String>> inspections = new ConcurrentHashMap<>();
    private final List<Consumer<ControlPeer>> connectListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<ControlPeer>> disconnectListeners = new CopyOnWriteArrayList<>();
    private final List<ControlTarget> targets = new CopyOnWriteArrayList<>();
    /** Where any controller can be met: the config's addresses, and those an enrollment or a controller told. */
    private volatile List<Address> contacts = List.of();

    private volatile String leader = "";
    private volatile boolean stopped;

    /**
     * @param loop on which targets live
     * @param blocking writes the endpoints file, one task at a time
     */
    public ControlPlane(ControlDialer dialer, EventLoop loop, EndpointsFile file, Executor blocking) {
        this.dialer = dialer;
        this.loop = loop;
        this.file = file;
        this.blocking = blocking;
        new ControlBasics(this).register();
    }

    /** Begins to dial. @param configured addresses from the config: tried besides those of the endpoints file */
    public void start(List<Address> configured) {
        Endpoints known = file.read();
        Set<Address> all = new LinkedHashSet<>(configured);
        all.addAll(known.loose());
        contacts = List.copyOf(all);
        loop.execute(() -> {
            known.byController().forEach(this::add);
            seekAfter(targets.isEmpty() ? Duration.ZERO : PATIENCE);
        });
    }

    /** Where to dial: what is said of the controller, then what worked, then where any can be met. */
    List<Address> contacts(List<Address> own, @Nullable Address worked) {
        Set<Address> all = new LinkedHashSet<>(own);
        if (worked != null) {
            all.add(worked);
        }
        all.addAll(contacts);
        return List.copyOf(all);
    }

    /** While no controller is connected, whichever answers is welcome: those that were known may all be gone. */
    private void seekAfter(Duration delay) {
        if (!stopped && !loop.isShuttingDown()) {
            loop.schedule(this::seek, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void seek() {
        boolean known = targets.stream().anyMatch(target -> target.connected() || target.isLoose());
        if (!known && !contacts.isEmpty()) {
            add("", contacts);
        }
    }

    private void add(String controllerId, List<Address> addresses) {
        if (stopped || addresses.isEmpty() || targets.size() >= MOST_CONTROLLERS) {
            return;
        }
        ControlTarget target = new ControlTarget(this, loop, controllerId, addresses);
        targets.add(target);
        target.dial();
    }

    /** What a controller says about all of them. On any thread. @param removals whether others may be dropped */
    void update(Map<String, List<Address>> controllers, boolean removals) {
        loop.execute(() -> {
            controllers.forEach((id, addresses) -> {
                Optional<ControlTarget> known = targets.stream()
                        .filter(target -> target.controllerId().equals(id))
                        .findFirst();
                known.ifPresentOrElse(
                        target -> {
                            target.addresses(addresses);
                            target.hurry();
                        },
                        () -> add(id, addresses));
            });
            if (removals) {
                for (ControlTarget target : targets) {
                    if (!target.isLoose() && !controllers.containsKey(target.controllerId())) {
                        LOG.infof("ctrl.dropped controllerId=%s", target.controllerId());
                        remove(target, "controller left");
                    }
                }
            }
            Endpoints now = new Endpoints(contacts, new LinkedHashMap<>(controllers));
            blocking.execute(() -> file.write(now));
        });
    }

    /** What a controller says of itself. In a network of equals all lead, which then decides nothing. */
    void leader(String controllerId, boolean leads) {
        if (leads) {
            leader = controllerId;
        }
        targets.stream()
                .filter(target -> target.controllerId().equals(controllerId))
                .forEach(target -> target.leads(leads));
    }

    CompletionStage<Channel> dial(Address address, String wanted, ChannelHandler handler) {
        return dialer.dial(address, wanted, handler);
    }

    /** On the channel's loop, before any frame. False when this controller already has a channel. */
    synchronized boolean connected(ControlTarget target) {
        for (ControlTarget other : targets) {
            if (other != target && other.connected() && other.controllerId().equals(target.controllerId())) {
                targets.remove(target);
                return false;
            }
        }
        for (ControlTarget other : targets) {
            boolean same = other.controllerId().equals(target.controllerId());
            if (other != target && !other.connected() && (same || other.isLoose())) {
                remove(other, "a controller is connected");
            }
        }
        connectListeners.forEach(listener -> listener.accept(target));
        return true;
    }

    /** On the loop. */
    void disconnected(ControlTarget target) {
        disconnectListeners.forEach(listener -> listener.accept(target));
        seekAfter(PATIENCE);
    }

    private void remove(ControlTarget target, String why) {
        targets.remove(target);
        target.drop(why);
    }

    void dispatch(ControlTarget from, Frame frame) {
        ControlHandler handler = handlers.get(frame.contentType());
        if (handler == null) {
            LOG.debugf("ctrl.unknown controllerId=%s %s", from.controllerId(), frame);
            frame.release();
        } else {
            handler.frame(from, frame);
        }
    }

    Map<String, Supplier<String>> inspections() {
        return inspections;
    }

    @Override
    public void on(int contentType, ControlHandler handler) {
        if (handlers.putIfAbsent(contentType, handler) != null) {
            throw new IllegalStateException("content type " + contentType + " has two handlers");
        }
    }

    @Override
    public void inspect(String name, Supplier<String> value) {
        inspections.put(name, value);
    }

    @Override
    public void onConnected(Consumer<ControlPeer> listener) {
        connectListeners.add(listener);
    }

    @Override
    public void onDisconnected(Consumer<ControlPeer> listener) {
        disconnectListeners.add(listener);
    }

    @Override
    public Optional<ControlPeer> byId(String controllerId) {
        return targets.stream()
                .filter(target -> target.controllerId().equals(controllerId))
                .map(ControlPeer.class::cast)
                .findFirst();
    }

    @Override
    public Optional<ControlPeer> best() {
        return connectedPeers().stream().findFirst();
    }

    @Override
    public List<ControlPeer> connectedPeers() {
        return targets.stream()
                .filter(ControlTarget::connected)
                .map(Ranked::of)
                .sorted()
                .map(ranked -> (ControlPeer) ranked.target())
                .toList();
    }

    /** Ranks change all the time: each is looked at once. */
    private record Ranked(ControlTarget target, long rank, boolean leads, long connectedAt)
            implements Comparable<Ranked> {
        static Ranked of(ControlTarget target) {
            return new Ranked(target, target.rank() / 5_000_000, target.leads(), target.connectedAt());
        }

        @Override
        public int compareTo(Ranked other) {
            int byRank = Long.compare(rank, other.rank);
            int byLead = Boolean.compare(other.leads, leads);
            return byRank != 0 ? byRank : byLead != 0 ? byLead : Long.signum(connectedAt - other.connectedAt);
        }
    }

    @Override
    public CompletionStage<Frame> ask(Supplier<FrameBuilder> frame, Duration timeout) {
        return new Question(this::connectedPeers, frame, timeout).ask();
    }

    @Override
    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        Optional<ControlPeer> best = best();
        if (best.isEmpty()) {
            frame.release();
            return CompletableFuture.failedFuture(new ChannelClosed("no controller is connected"));
        }
        return best.get().request(frame, timeout);
    }

    @Override
    public void send(FrameBuilder frame) {
        best().ifPresentOrElse(peer -> peer.send(frame), frame::release);
    }

    /** Closes all channels and dials no more. */
    public void close() {
        stopped = true;
        loop.execute(() -> targets.forEach(target -> remove(target, "router stops")));
    }

    /** For inspection: who is known and how well. */
    String describe() {
        StringBuilder json = new StringBuilder("{\"leaderId\":\"" + leader + "\",\"controllers\":{");
        String comma = "";
        for (ControlTarget target : targets) {
            json.append(comma)
                    .append("\"%s\":{\"controllerId\":\"%s\",\"connected\":%s,\"address\":\"%s\",\"isLeader\":%s}"
                            .formatted(
                                    target.controllerId(),
                                    target.controllerId(),
                                    target.connected(),
                                    target.addresses().getFirst(),
                                    target.controllerId().equals(leader)));
            comma = ",";
        }
        return json.append("}}").toString();
    }
}
