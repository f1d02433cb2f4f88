package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edge.Data;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that does what the test says, over a real Channel. */
final class SdkPeer implements ChannelHandler {
    final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    Channel channel;

    /** Kept as a copy, so that tests need not release what they look at. */
    @Override
    public void frame(Channel from, Frame frame) {
        frames.add(Frame.take(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(frame.raw()))));
        frame.release();
    }

    @Override
    public synchronized void writable(Channel from, boolean writable) {
        notifyAll();
    }

    synchronized void awaitWritable() {
        try {
            while (!channel.isWritable()) {
                wait(1_000);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void closed(Channel from, CloseCause cause) {
        closed.complete(cause);
    }

    SdkPeer send(FrameBuilder frame) {
        channel.send(frame);
        return this;
    }

    SdkPeer data(int connId, String text) {
        return data(connId, 0, text);
    }

    SdkPeer data(int connId, int flags, String text) {
        return send(Data.frame(connId, flags, null, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    }

    Frame expectAny() throws InterruptedException {
        Frame frame = frames.poll(60, TimeUnit.SECONDS);
        assertThat(frame).as("a frame in time").isNotNull();
        return frame;
    }

    /** The next frame, which must be of this type. */
    Frame expect(int contentType) throws InterruptedException {
        Frame frame = frames.poll(60, TimeUnit.SECONDS);
        assertThat(frame).as("a frame of type " + contentType + " in time").isNotNull();
        assertThat(frame.contentType()).as(frame + " " + frame.bodyText()).isEqualTo(contentType);
        return frame;
    }

    /** The other side closed for good: that is all a client hears, and no FIN of the router's own before it. */
    void expectClose() throws InterruptedException {
        expect(ContentType.STATE_CLOSED).release();
    }

    Frame expectData(int connId, int flags, String text) throws InterruptedException {
        Frame frame = expect(ContentType.DATA);
        assertThat(frame.i32(Header.CONN_ID, 0)).isEqualTo(connId);
        assertThat(Data.flags(frame)).isEqualTo(flags);
        assertThat(frame.bodyText()).isEqualTo(text);
        return frame;
    }

    /** Asks for a latency answer and takes it: whatever was on the way before is here then. */
    void expectNothing() throws InterruptedException {
        try {
            channel.request(
                            FrameBuilder.of(ContentType.LATENCY).u64(Header.REFLECTED, 1),
                            java.time.Duration.ofSeconds(60))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .release();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
        assertThat(frames.poll()).isNull();
    }

    CloseCause awaitClosed() throws Exception {
        return closed.get(60, TimeUnit.SECONDS);
    }
}
