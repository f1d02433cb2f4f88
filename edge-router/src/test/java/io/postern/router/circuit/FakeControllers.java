package io.postern.router.circuit;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.postern.router.ctrl.ControlHandler;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One controller, played by the test. */
public final class FakeControllers implements Controllers, ControlPeer {
    private final Map<Integer, ControlHandler> handlers = new ConcurrentHashMap<>();
    /** Without leak detection: the test lets frames go. */
    private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

    private final AtomicInteger sequences = new AtomicInteger();
    public final BlockingQueue<Frame> sent = new LinkedBlockingQueue<>();
    public volatile Function<Frame, FrameBuilder> answer = request -> null;
    public volatile boolean connected = true;

    public RouteResult route(Route route) throws InterruptedException {
        command(ContentType.ROUTE, route.toByteArray());
        return RouteResult.read(next(ContentType.ROUTE_RESULT));
    }

    public void unroute(String circuitId, boolean now) {
        command(
                ContentType.UNROUTE,
                Unroute.newBuilder().setCircuitId(circuitId).setNow(now).build().toByteArray());
    }

    public void command(int contentType, byte[] body) {
        Frame frame = Frame.take(FrameBuilder.of(contentType).body(body).encode(HEAP, sequences.incrementAndGet()));
        handlers.get(contentType).frame(this, frame);
    }

    /** The next message of this kind, others skipped. */
    public Frame next(int contentType) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end) {
            Frame frame = sent.poll(100, TimeUnit.MILLISECONDS);
            if (frame != null && frame.contentType() == contentType) {
                return frame;
            }
        }
        throw new AssertionError("no message of type " + contentType);
    }

    @Override
    public void send(FrameBuilder frame) {
        sent.add(Frame.take(frame.encode(HEAP, sequences.incrementAndGet())));
    }

    @Override
    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        Frame request = Frame.take(frame.encode(HEAP, sequences.incrementAndGet()));
        // never on the caller's loop: the answer may need it
        return CompletableFuture.supplyAsync(() -> {
            FrameBuilder reply = answer.apply(request);
            if (reply == null) {
                throw new IllegalStateException("the test gives no answer to " + request);
            }
            return Frame.take(reply.encode(HEAP, 1));
        });
    }

    @Override
    public String controllerId() {
        return "ctrl1";
    }

    @Override
    public boolean connected() {
        return connected;
    }

    @Override
    public Optional<ControlPeer> byId(String controllerId) {
        return Optional.of(this);
    }

    @Override
    public Optional<ControlPeer> best() {
        return connected ? Optional.of(this) : Optional.empty();
    }

    @Override
    public List<ControlPeer> connectedPeers() {
        return connected ? List.of(this) : List.of();
    }

    @Override
    public void on(int contentType, ControlHandler handler) {
        handlers.put(contentType, handler);
    }

    @Override
    public void onConnected(Consumer<ControlPeer> listener) {}

    @Override
    public void onDisconnected(Consumer<ControlPeer> listener) {}

    @Override
    public void inspect(String name, Supplier<String> value) {}
}
