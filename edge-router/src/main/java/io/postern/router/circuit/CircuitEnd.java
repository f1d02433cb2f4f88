package io.postern.router.circuit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.fabric.forward.Forward;
import io.postern.fabric.xgress.XgressCounters;
import io.postern.fabric.xgress.XgressEngine;
import io.postern.fabric.xgress.XgressReceiver;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.MalformedFrame;
import io.postern.wire.xgress.Acknowledgement;
import io.postern.wire.xgress.Payload;
import io.postern.wire.xgress.PayloadHeaders;
import io.postern.wire.xgress.XgressMessage;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Drives one {@link XgressEngine} on its loop. What arrives, from whatever loop, is queued and taken in one pass, so that
 * a burst is answered by one acknowledgement and one flush.
 */
final class CircuitEnd implements XgressEnd, XgressReceiver {
    private static final Logger LOG = Logger.getLogger(Circuits.class);
    /** Bytes sent in one pass before others get their turn. */
    private static final int SHARE = 512 * 1024;
    /** While there is no way, it is looked for so often; a new Route is told at once. */
    private static final long NO_WAY = 200_000_000L;

    private final AsciiString circuitId;
    private final String text;
    private final String address;
    private final EventLoop loop;
    private final XgressEngine engine;
    private final CircuitPaths paths;
    private final Consumer<CircuitEnd> finished;
    /** What the dial of a terminating end brought, for a Route that is repeated; null at the initiating end. */
    private final @Nullable Map<Integer, byte[]> peerData;

    private final Inbox inbox = new Inbox();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean full;
    private volatile boolean done;
    private volatile boolean aborted;
    private volatile @Nullable String waitsFor;

    private @Nullable XgressSink sink;
    private @Nullable ScheduledFuture<?> timer;
    private long armedFor = Long.MAX_VALUE;
    private boolean paused;
    private boolean running;
    private boolean toldClosed;

    CircuitEnd(
            AsciiString circuitId,
            String address,
            EventLoop loop,
            XgressEngine engine,
            @Nullable Map<Integer, byte[]> peerData,
            CircuitPaths paths,
            Consumer<CircuitEnd> finished) {
        this.circuitId = circuitId;
        this.text = circuitId.toString();
        this.address = address;
        this.loop = loop;
        this.engine = engine;
        this.peerData = peerData;
        this.paths = paths;
        this.finished = finished;
    }

    /** On the loop, once. */
    void begin(Function<XgressEnd, XgressSink> behind) {
        sink = behind.apply(this);
        schedule();
    }

    /** From any loop; takes a {@link Frame} or an {@link XgressMessage}. */
    void arrived(Object message) {
        if (inbox.add(message)) {
            schedule();
        } else {
            paths.counters.inboxDropped.increment();
        }
    }

    /** At most one pass waits at any time; it comes after all sockets that are readable now were read. */
    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this::pass);
            } catch (RejectedExecutionException e) {
                done = true;
            }
        }
    }

    /** Any loop: the Link that was waited for takes payloads again, or there is another. */
    void wake(String linkId) {
        if (linkId.equals(waitsFor)) {
            waitsFor = null;
        }
        schedule();
    }

    /** On the loop; false when this end stands in the Link's queue already. */
    boolean waitsFor(String linkId) {
        if (linkId.equals(waitsFor)) {
            return false;
        }
        waitsFor = linkId;
        return true;
    }

    private void pass() {
        scheduled.set(false);
        running = true;
        try {
            takeInbox();
            pump();
        } catch (RuntimeException e) {
            LOG.errorf(e, "circuit.failed circuitId=%s", text);
            engine.abort("internal error");
        } finally {
            running = false;
        }
        settle();
    }

    private void takeInbox() {
        long now = System.nanoTime();
        for (Object message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case Frame frame -> receive(frame, now);
                case Payload payload -> engine.receive(payload, now);
                case Acknowledgement ack -> engine.receive(ack, now);
                case Runnable task -> task.run();
                default -> Inbox.release(message);
            }
        }
    }

    private void receive(Frame frame, long now) {
        try {
            switch (frame.contentType()) {
                case ContentType.XG_PAYLOAD -> {
                    Payload payload = Payload.take(frame);
                    engine.receive(payload, now);
                    return;
                }
                case ContentType.XG_ACKNOWLEDGEMENT -> engine.receive(Acknowledgement.read(frame), now);
                default -> LOG.debugf("circuit.ignored circuitId=%s contentType=%d", text, frame.contentType());
            }
        } catch (MalformedFrame e) {
            paths.counters.malformed.increment();
            LOG.debugf("circuit.malformed circuitId=%s what=%s", text, e.getMessage());
        }
        frame.release();
    }

    private void pump() {
        long now = System.nanoTime();
        if (engine.nextTick() <= now) {
            engine.tick(now);
        }
        engine.deliver(this, now);
        if (engine.takeWritable()) {
            full = false;
            if (sink != null) {
                sink.writable();
            }
        }
        Forward way = paths.from(this, now);
        if (way == null) {
            arm(now + NO_WAY);
            return;
        }
        for (Acknowledgement ack = engine.nextAcknowledgement(now);
                ack != null;
                ack = engine.nextAcknowledgement(now)) {
            paths.send(way, ack);
        }
        sendPayloads(way, now);
        arm(engine.nextTick());
    }

    private void sendPayloads(Forward way, long now) {
        int share = SHARE;
        while (share > 0) {
            if (!paths.takes(way, this)) {
                arm(now + NO_WAY);
                return;
            }
            Payload payload = engine.nextPayload(now);
            if (payload == null) {
                return;
            }
            share -= 256 + payload.body().readableBytes();
            paths.send(way, payload);
        }
        schedule();
    }

    /** After each pass: tells whoever is behind, once, and the controller when nothing is left to do. */
    private void settle() {
        if (engine.isOver() && !toldClosed) {
            toldClosed = true;
            if (sink != null) {
                sink.closed(engine.reason());
            }
        }
        if (engine.isFinished() && !done) {
            done = true;
            count(engine.counters());
            XgressCounters seen = engine.counters();
            LOG.infof(
                    "circuit.ended circuitId=%s address=%s sentBytes=%d receivedBytes=%d retransmitted=%d cause=\"%s\"",
                    text, address, seen.sentBytes(), seen.receivedBytes(), seen.retransmitted(), engine.reason());
            if (!aborted) {
                finished.accept(this);
            }
        }
    }

    private void count(XgressCounters seen) {
        CircuitCounters all = paths.counters;
        all.sentPayloads.add(seen.sentPayloads());
        all.sentBytes.add(seen.sentBytes());
        all.retransmitted.add(seen.retransmitted());
        all.receivedPayloads.add(seen.receivedPayloads());
        all.receivedBytes.add(seen.receivedBytes());
        all.duplicates.add(seen.duplicates());
        all.ended.increment();
    }

    private void arm(long at) {
        if (at >= armedFor || at == Long.MAX_VALUE) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        armedFor = at;
        timer = loop.schedule(this::alarm, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void alarm() {
        armedFor = Long.MAX_VALUE;
        timer = null;
        pass();
    }

    /** On the loop at once, elsewhere in order of calls. */
    private void onLoop(Runnable task) {
        if (!loop.inEventLoop()) {
            inbox.add(task);
            schedule();
            return;
        }
        task.run();
        scheduleUnlessRunning();
    }

    /** What is called from within a pass needs no other: the sending comes last. */
    private void scheduleUnlessRunning() {
        if (!running) {
            schedule();
        }
    }

    /** The Route has changed: what was under way is sent again on the new one. */
    void rerouted() {
        onLoop(() -> engine.rerouted(System.nanoTime()));
    }

    /** Gives the end up at once: the controller says so, or the Route was replaced. */
    void abort(String why) {
        aborted = true;
        paths.remove(this);
        onLoop(() -> {
            engine.abort(why);
            if (timer != null) {
                timer.cancel(false);
            }
            armedFor = Long.MIN_VALUE;
        });
    }

    @Override
    public boolean ready() {
        return !paused;
    }

    @Override
    public void data(ByteBuf body, PayloadHeaders headers) {
        if (sink == null) {
            body.release();
        } else {
            sink.data(body, headers);
        }
    }

    @Override
    public void endOfData() {
        if (sink != null) {
            sink.endOfData();
        }
    }

    @Override
    public boolean offer(ByteBuf body, PayloadHeaders headers) {
        if (done) {
            body.release();
            return true;
        }
        if (loop.inEventLoop()) {
            full = !engine.offer(body, headers);
            scheduleUnlessRunning();
        } else {
            onLoop(() -> full = !engine.offer(body, headers));
        }
        return !full;
    }

    @Override
    public void endOfInput() {
        onLoop(() -> engine.endOfInput(System.nanoTime()));
    }

    @Override
    public void pause() {
        onLoop(() -> paused = true);
    }

    @Override
    public void resume() {
        onLoop(() -> paused = false);
    }

    @Override
    public void close() {
        onLoop(() -> engine.close("", System.nanoTime()));
    }

    AsciiString id() {
        return circuitId;
    }

    boolean initiating() {
        return peerData == null;
    }

    Map<Integer, byte[]> peerData() {
        return peerData == null ? Map.of() : peerData;
    }

    boolean isDone() {
        return done;
    }

    @Override
    public String circuitId() {
        return text;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }
}
