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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Dials every controller, hands out their messages, and follows what they say about where controllers are. */
public final class ControlPlane implements Controllers {
    private static final Logger LOG = Logger.getLogger(ControlPlane.class);
    private static final int MOST_CONTROLLERS = 64;

    private final BiFunction<Address, ChannelHandler, CompletionStage<Channel>> dialer;
    private final EventLoop loop;
    private final EndpointsFile file;
    private final Executor blocking;
    private final Map<Integer, ControlHandler> handlers = new ConcurrentHashMap<>();
    private final Map<String, Supplier<String>> inspections = new ConcurrentHashMap<>();
    private final List<Consumer<ControlPeer>> connectListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<ControlPeer>> disconnectListeners = new CopyOnWriteArrayList<>();
    private final List<ControlTarget> targets = new CopyOnWriteArrayList<>();
    private volatile String leader = "";

    /**
     * @param dialer opens a control channel: says the hello of this router
     * @param loop on which targets live
     * @param blocking writes the endpoints file, one task at a time
     */
    public ControlPlane(
            BiFunction<Address, ChannelHandler, CompletionStage<Channel>> dialer,
            EventLoop loop,
            EndpointsFile file,
            Executor blocking) {
        this.dialer = dialer;
        this.loop = loop;
        this.file = file;
        this.blocking = blocking;
        new ControlBasics(this).register();
    }

    /** Begins to dial. @param configured addresses from the config: tried besides those of the endpoints file */
    public void start(List<Address> configured) {
        Endpoints known = file.read();
        List<Address> loose = new ArrayList<>(configured);
        known.loose().stream().filter(address -> !loose.contains(address)).forEach(loose::add);
        known.byController().values().forEach(loose::removeAll);
        loop.execute(() -> {
            known.byController().forEach(this::add);
            loose.forEach(address -> add("", List.of(address)));
        });
    }

    private void add(String controllerId, List<Address> addresses) {
        if (addresses.isEmpty() || targets.size() >= MOST_CONTROLLERS) {
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
                ControlTarget known = targetOf(id, addresses);
                if (known == null) {
                    add(id, addresses);
                } else if (!addresses.isEmpty()) {
                    known.addresses(addresses);
                }
            });
            if (removals) {
                for (ControlTarget target : targets) {
                    if (!controllers.containsKey(target.controllerId()) && !sharesAddress(controllers, target)) {
                        LOG.infof("ctrl.dropped controllerId=%s", target.controllerId());
                        remove(target, "controller left");
                    }
                }
            }
            Endpoints now = new Endpoints(List.of(), new LinkedHashMap<>(controllers));
            blocking.execute(() -> file.write(now));
        });
    }

    private static boolean sharesAddress(Map<String, List<Address>> controllers, ControlTarget target) {
        return controllers.values().stream()
                .anyMatch(addresses -> addresses.stream().anyMatch(target.addresses()::contains));
    }

    private ControlTarget targetOf(String controllerId, List<Address> addresses) {
        ControlTarget sameAddress = null;
        for (ControlTarget target : targets) {
            if (target.controllerId().equals(controllerId)) {
                return target;
            }
            if (target.controllerId().isEmpty() && target.addresses().stream().anyMatch(addresses::contains)) {
                sameAddress = target;
            }
        }
        return sameAddress;
    }

    void leader(String controllerId) {
        leader = controllerId;
    }

    CompletionStage<Channel> dial(Address address, ChannelHandler handler) {
        return dialer.apply(address, handler);
    }

    /** On the channel's loop, before any frame. False when this controller already has a channel. */
    synchronized boolean connected(ControlTarget target) {
        for (ControlTarget other : targets) {
            if (other != target && other.connected() && other.controllerId().equals(target.controllerId())) {
                targets.remove(target);
                return false;
            }
        }
        connectListeners.forEach(listener -> listener.accept(target));
        return true;
    }

    void disconnected(ControlTarget target) {
        disconnectListeners.forEach(listener -> listener.accept(target));
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
        return targets.stream()
                .filter(ControlTarget::connected)
                .min(Comparator.comparingLong((ControlTarget target) -> target.rank() / 5_000_000)
                        .thenComparing(target -> !Objects.equals(target.controllerId(), leader)))
                .map(ControlPeer.class::cast);
    }

    @Override
    public List<ControlPeer> connectedPeers() {
        return targets.stream()
                .filter(ControlTarget::connected)
                .map(ControlPeer.class::cast)
                .toList();
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
