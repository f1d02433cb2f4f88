package io.postern.router.circuit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.postern.router.link.LinkTraffic;
import io.postern.transport.Channel;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** One direction of a Link: what is sent here arrives at the other router, on its loop, as bytes do. */
class FakeLink implements Channel {
    private static final long HIGH = 512 * 1024;

    final String linkId;
    final EventLoop loop;
    final LinkTraffic from;
    final LinkTraffic to;
    final AtomicLong pending = new AtomicLong();
    volatile boolean cut;
    volatile double loss;
    private volatile boolean refused;

    FakeLink(String linkId, EventLoop loop, LinkTraffic from, LinkTraffic to) {
        this.linkId = linkId;
        this.loop = loop;
        this.from = from;
        this.to = to;
    }

    @Override
    public void send(FrameBuilder frame) {
        deliver(frame.encode(PooledByteBufAllocator.DEFAULT, 1));
    }

    @Override
    public void forward(Frame frame) {
        frame.sequence(2);
        ByteBuf raw = frame.raw().retain();
        frame.release();
        deliver(raw);
    }

    private void deliver(ByteBuf wire) {
        int size = wire.readableBytes();
        pending.addAndGet(size);
        loop.execute(() -> {
            pending.addAndGet(-size);
            if (cut || loss > 0 && ThreadLocalRandom.current().nextDouble() < loss) {
                wire.release();
            } else {
                // A copy, since a real Link's receiver has a buffer of its own.
                ByteBuf copy = wire.alloc().buffer(size).writeBytes(wire);
                wire.release();
                to.received(linkId, Frame.take(copy));
            }
            if (refused && pending.get() < HIGH / 2) {
                refused = false;
                from.writable(linkId, true);
            }
        });
    }

    @Override
    public boolean isWritable() {
        if (pending.get() < HIGH) {
            return true;
        }
        refused = true;
        return pending.get() < HIGH;
    }

    @Override
    public long pendingBytes() {
        return pending.get();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        return !cut;
    }

    @Override
    public String id() {
        return linkId;
    }

    @Override
    public String peerId() {
        return "peer";
    }

    @Override
    public List<X509Certificate> peerChain() {
        return List.of();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("link", 1);
    }

    @Override
    public InetSocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("link", 2);
    }

    @Override
    public Map<Integer, byte[]> peerHello() {
        return Map.of();
    }

    @Override
    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        frame.release();
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public Duration silence() {
        return Duration.ZERO;
    }

    @Override
    public Duration unanswered() {
        return Duration.ZERO;
    }

    @Override
    public void close(String reason) {
        cut = true;
    }
}
