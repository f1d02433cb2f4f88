package io.postern.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.postern.client.crypto.KeyExchange;
import io.postern.client.crypto.SecretStream;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One connection id of a channel as a {@link LoopStream}: reads, writes and seals on the channel's loop. */
final class EdgeLoopStream implements LoopStream, Dialing.Dialled {
    private static final int FIN = 1;
    private static final int CHUNK = 32 * 1024;

    private final RouterChannel channel;
    private final int connId;
    private final boolean ownsChannel;
    private final ArrayDeque<Frame> early = new ArrayDeque<>();
    private @Nullable Receiver receiver;
    private KeyExchange.@Nullable Keys keys;
    private SecretStream.@Nullable Push push;
    private SecretStream.@Nullable Pull pull;
    private byte[] scratch = new byte[0];
    private String circuitId = "";
    private @Nullable String failure;
    private boolean begun;
    private boolean paused;
    private boolean ended;
    private boolean told;
    private boolean outputClosed;
    private boolean peerGone;
    private boolean closed;

    /** @param ownsChannel is the channel this stream's alone, and ends with it? */
    EdgeLoopStream(RouterChannel channel, int connId, boolean ownsChannel) {
        this.channel = channel;
        this.connId = connId;
        this.ownsChannel = ownsChannel;
    }

    /** Before anybody else has it: from the thread that dialled. Frames that came meanwhile wait. */
    @Override
    public void begin(String circuit, KeyExchange.@Nullable Keys both) {
        loop().execute(() -> {
            circuitId = circuit;
            keys = both;
            begun = true;
            if (both != null) {
                push = both.push();
                send(Unpooled.wrappedBuffer(push.header()));
            }
            deliver();
        });
    }

    @Override
    public EventLoop loop() {
        return channel.channel().loop();
    }

    @Override
    public void receive(Receiver to) {
        receiver = to;
        deliver();
    }

    @Override
    public void frame(Frame frame) {
        switch (frame.contentType()) {
            case ContentType.DATA -> {
                boolean last = (frame.i32(Header.FLAGS, 0) & FIN) != 0;
                if (frame.bodyLength() > 0 && !closed && !ended) {
                    early.add(frame);
                } else {
                    frame.release();
                }
                ended |= last;
                deliver();
            }
            case ContentType.STATE_CLOSED -> {
                peerGone = true;
                ended = true;
                channel.forget(connId);
                frame.release();
                deliver();
            }
            case ContentType.CONN_INSPECT_REQUEST -> {
                channel.channel().send(EdgeConnection.inspected(frame, connId, 1));
                frame.release();
            }
            default -> frame.release();
        }
    }

    /** Hands over what came, unless nobody may have it yet. The channel is held while that grows. */
    private void deliver() {
        while (begun && !paused && receiver != null && !closed && !early.isEmpty()) {
            Frame frame = early.poll();
            try {
                ByteBuf plain = open(frame);
                if (plain.isReadable()) {
                    receiver.bytes(plain);
                } else {
                    plain.release();
                }
            } catch (IOException e) {
                failure = e.getMessage();
                early.forEach(Frame::release);
                early.clear();
            } finally {
                frame.release();
            }
        }
        if (early.isEmpty() && begun && !paused && receiver != null && !closed && !told && (ended || failure != null)) {
            told = true;
            Receiver to = receiver;
            if (failure == null) {
                to.ended();
            } else {
                close();
                to.broken(failure);
            }
        }
    }

    private ByteBuf open(Frame frame) throws IOException {
        ByteBuf body = frame.body();
        KeyExchange.Keys with = keys;
        if (with == null) {
            return body.readRetainedSlice(body.readableBytes());
        }
        if (pull == null) {
            if (body.readableBytes() < SecretStream.HEADER) {
                throw new IOException("the peer did not begin with a stream header; it may not encrypt");
            }
            byte[] header = new byte[SecretStream.HEADER];
            body.readBytes(header);
            pull = with.pull(header);
        }
        if (!body.isReadable()) {
            return Unpooled.EMPTY_BUFFER;
        }
        return pull.open(body, PooledByteBufAllocator.DEFAULT);
    }

    @Override
    public void lost(String why) {
        peerGone = true;
        if (!ended) {
            failure = why;
        }
        deliver();
    }

    @Override
    public void writableAgain() {
        if (receiver != null && !closed) {
            receiver.writable();
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        try {
            while (bytes.isReadable() && !closed && !outputClosed && !peerGone) {
                int some = Math.min(CHUNK, bytes.readableBytes());
                SecretStream.Push seal = push;
                if (seal == null) {
                    send(bytes.readRetainedSlice(some));
                    continue;
                }
                scratch = scratch.length < some ? new byte[some] : scratch;
                bytes.readBytes(scratch, 0, some);
                ByteBuf sealed = PooledByteBufAllocator.DEFAULT.heapBuffer(some + SecretStream.OVERHEAD);
                int size = seal.seal(SecretStream.MESSAGE, scratch, 0, some, sealed.array(), sealed.arrayOffset());
                send(sealed.writerIndex(size));
            }
        } finally {
            bytes.release();
        }
    }

    private void send(ByteBuf body) {
        channel.channel()
                .send(FrameBuilder.of(ContentType.DATA)
                        .i32(Header.CONN_ID, connId)
                        .body(body));
    }

    @Override
    public boolean isWritable() {
        return channel.channel().isWritable();
    }

    @Override
    public void pause() {
        if (!paused && !closed) {
            paused = true;
            channel.hold();
        }
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            channel.letGo();
            deliver();
        }
    }

    @Override
    public void closeOutput() {
        if (outputClosed || closed || peerGone) {
            return;
        }
        outputClosed = true;
        channel.channel()
                .send(FrameBuilder.of(ContentType.DATA)
                        .i32(Header.CONN_ID, connId)
                        .i32(Header.FLAGS, FIN));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (paused) {
            paused = false;
            channel.letGo();
        }
        early.forEach(Frame::release);
        early.clear();
        channel.forget(connId);
        if (!peerGone) {
            channel.channel().send(FrameBuilder.of(ContentType.STATE_CLOSED).i32(Header.CONN_ID, connId));
        }
        if (ownsChannel) {
            channel.channel().close("its stream is closed");
        }
    }

    /** From the thread that dialled: it came to nothing. */
    @Override
    public void abandon() {
        loop().execute(this::close);
    }

    @Override
    public String circuitId() {
        return circuitId;
    }

    @Override
    public String toString() {
        return "stream connId=" + Integer.toUnsignedString(connId) + " circuitId=" + circuitId + " router="
                + channel.router();
    }
}
