package io.postern.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.postern.fabric.channel.ChannelEngine;
import io.postern.transport.Outbox.Built;
import io.postern.transport.Outbox.Forwarded;
import io.postern.transport.Outbox.Out;
import io.postern.transport.Outbox.Request;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.MalformedFrame;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs a {@link ChannelEngine} on its event loop: reads, writes, flushes, timers. */
final class ChannelDriver extends ChannelInboundHandlerAdapter implements Channel {
    private static final Logger LOG = Logger.getLogger(Channel.class);

    private final PeerFacts peer;
    private final ChannelOptions options;
    private final ChannelEngine<CompletableFuture<Frame>> engine;
    private final FrameDecoder decoder;
    private final FrameWriter writer;
    private final Alarm alarm;
    private final EventLoop loop;
    private final io.netty.channel.Channel socket;
    private final Outbox outbox = new Outbox();
    private final WriteRoom room;
    private @Nullable ChannelHandler handler;
    private boolean pumping;
    private boolean paused;
    private boolean flushWanted;
    private boolean finished;
    private volatile boolean open = true;
    private volatile @Nullable CloseCause cause;

    ChannelDriver(io.netty.channel.Channel socket, PeerFacts peer, ChannelOptions options, FrameDecoder decoder) {
        this.socket = socket;
        this.loop = socket.eventLoop();
        this.peer = peer;
        this.options = options;
        this.decoder = decoder;
        this.engine = new ChannelEngine<>(options.heartbeats().orElse(null), options.idleTimeout(), Clocks.nanos());
        this.writer = new FrameWriter(socket, engine, options.mostPending());
        this.room = new WriteRoom(socket, outbox, options.waterMark().high());
        this.alarm = new Alarm(loop, this::tick);
        decoder.limits(options.limits());
        socket.config().setWriteBufferWaterMark(options.waterMark());
    }

    /** Starts to deliver; on the loop, with this handler in the pipeline. */
    void begin(ChannelHandler deliverTo) {
        handler = deliverTo;
        if (!socket.isActive()) {
            finish();
            return;
        }
        deliverTo.opened(this);
        socket.config().setAutoRead(!paused);
        tick();
        pump();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!open) {
            bytes.release();
            return;
        }
        decoder.offer(bytes);
        pump();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (flushWanted) {
            flushWanted = false;
            socket.flush();
        }
    }

    private void pump() {
        if (pumping || handler == null) {
            return;
        }
        pumping = true;
        try {
            while (open && !paused) {
                Frame frame = decoder.next();
                if (frame == null) {
                    break;
                }
                dispatch(frame);
            }
        } catch (MalformedFrame e) {
            LOG.warnf(
                    "channel.malformed channelId=%s peer=%s remote=%s what=%s",
                    id(), Printable.text(peerId()), remoteAddress(), e.getMessage());
            end(CloseCause.Kind.MALFORMED, e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "channel.failed channelId=%s peer=%s", id(), Printable.text(peerId()));
            end(CloseCause.Kind.FAILED, e.toString());
        } finally {
            pumping = false;
        }
        FrameBuilder heartbeat = engine.takeHeartbeat(Clocks.nanos());
        if (heartbeat != null && open) {
            write(new Built(heartbeat));
            arm();
        }
        wantFlush();
    }

    private void dispatch(Frame frame) {
        switch (engine.receive(frame, Clocks.nanos())) {
            case ChannelEngine.Deliver<CompletableFuture<Frame>> deliver -> handler.frame(this, frame);
            case ChannelEngine.Reply<CompletableFuture<Frame>>(CompletableFuture<Frame> waiter) -> {
                if (!waiter.complete(frame)) {
                    frame.release();
                }
            }
            case ChannelEngine.Answer<CompletableFuture<Frame>>(FrameBuilder answer) -> {
                frame.release();
                write(new Built(answer));
            }
            case ChannelEngine.Consumed<CompletableFuture<Frame>> consumed -> frame.release();
            case ChannelEngine.Misplaced<CompletableFuture<Frame>>(String what) -> {
                frame.release();
                throw new MalformedFrame(what);
            }
        }
        engine.takeRoundTrip().ifPresent(nanos -> handler.latency(this, Duration.ofNanos(nanos)));
    }

    @Override
    public void send(FrameBuilder frame) {
        submit(new Built(frame));
    }

    @Override
    public void forward(Frame frame) {
        submit(new Forwarded(frame));
    }

    @Override
    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        CompletableFuture<Frame> reply = new CompletableFuture<>();
        submit(new Request(frame, reply, timeout.toNanos()));
        return reply;
    }

    private void submit(Out out) {
        if (!open) {
            out.drop("channel is closed");
        } else if (loop.inEventLoop() && outbox.bytes() == 0) {
            write(out);
            wantFlush();
        } else if (outbox.bytes() > options.mostPending()) {
            out.drop("queue is full");
            onLoop(() -> end(CloseCause.Kind.OVERFLOW, "peer does not read"));
        } else if (outbox.add(out)) {
            onLoop(this::drain);
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            open = false;
        }
    }

    private void drain() {
        outbox.drain(this::write);
        wantFlush();
        tellWritable();
    }

    /** On the loop. */
    private void write(Out out) {
        if (!open) {
            out.drop("channel is closed");
            return;
        }
        flushWanted = true;
        switch (writer.write(out)) {
            case AWAITED -> arm();
            case OVERFLOW -> end(CloseCause.Kind.OVERFLOW, "peer does not read");
            case WRITTEN, DROPPED -> {}
        }
    }

    /** Flushes at the end of this pass over received bytes, or of this pass of the loop. */
    private void wantFlush() {
        if (flushWanted && !pumping) {
            flushWanted = false;
            loop.execute(socket::flush);
        }
    }

    private void tick() {
        long now = Clocks.nanos();
        for (CompletableFuture<Frame> late : engine.expire(now)) {
            late.completeExceptionally(new RequestTimeout("no reply in time from " + Printable.text(peerId())));
        }
        ChannelEngine.GiveUp giveUp = engine.giveUp(now);
        if (giveUp != null) {
            end(CloseCause.Kind.valueOf(giveUp.name()), "silent peer");
            return;
        }
        FrameBuilder heartbeat = engine.takeHeartbeat(now);
        if (heartbeat != null && open) {
            write(new Built(heartbeat));
            wantFlush();
        }
        arm();
    }

    private void arm() {
        if (open) {
            alarm.at(engine.nextTick());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!socket.isWritable()) {
            room.full();
            if (handler != null && open) {
                handler.writable(this, false);
            }
        } else {
            tellWritable();
        }
    }

    private void tellWritable() {
        if (open && handler != null && room.freed()) {
            handler.writable(this, true);
        }
    }

    @Override
    public boolean isWritable() {
        return room.asked();
    }

    @Override
    public long pendingBytes() {
        return outbox.bytes() + writer.pendingBytes();
    }

    @Override
    public void pauseReading() {
        onLoop(() -> {
            paused = true;
            engine.reading(false, Clocks.nanos());
            socket.config().setAutoRead(false);
        });
    }

    @Override
    public void resumeReading() {
        onLoop(() -> {
            if (paused) {
                paused = false;
                engine.reading(true, Clocks.nanos());
                arm();
                socket.config().setAutoRead(true);
                loop.execute(this::pump);
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        LOG.debugf("channel.broken channelId=%s remote=%s cause=%s", id(), remoteAddress(), failure);
        end(CloseCause.Kind.FAILED, String.valueOf(failure.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        finish();
    }

    @Override
    public void close(String reason) {
        onLoop(() -> {
            outbox.drain(this::write);
            end(CloseCause.Kind.LOCAL, reason);
        });
    }

    /** On the loop. The socket's close follows what is already written; {@link #finish} comes with its end. */
    private void end(CloseCause.Kind kind, String text) {
        if (!open) {
            return;
        }
        open = false;
        cause = new CloseCause(kind, text);
        socket.flush();
        socket.close();
    }

    private void finish() {
        if (finished) {
            return;
        }
        finished = true;
        open = false;
        alarm.cancel();
        decoder.release();
        CloseCause why = cause == null ? new CloseCause(CloseCause.Kind.PEER, "closed by peer") : cause;
        cause = why;
        outbox.drain(out -> out.drop("channel is closed"));
        for (CompletableFuture<Frame> waiter : engine.close()) {
            waiter.completeExceptionally(new ChannelClosed("channel closed: " + why));
        }
        if (handler != null) {
            handler.closed(this, why);
        }
    }

    @Override
    public String id() {
        return peer.channelId();
    }

    @Override
    public String peerId() {
        return peer.peerId();
    }

    @Override
    public List<X509Certificate> peerChain() {
        return peer.chain();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return peer.remote();
    }

    @Override
    public InetSocketAddress localAddress() {
        return peer.local();
    }

    @Override
    public Map<Integer, byte[]> peerHello() {
        return peer.hello();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public Duration unanswered() {
        return options.heartbeats().isPresent() ? engine.unanswered(Clocks.nanos()) : Duration.ZERO;
    }

    @Override
    public Duration silence() {
        return engine.silence(Clocks.nanos());
    }

    @Override
    public String toString() {
        return "channel " + id() + " to " + Printable.text(peerId()) + " at " + remoteAddress();
    }
}
