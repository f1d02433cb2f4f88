package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A socket as a {@link HostStream}. */
final class SocketStream extends ChannelInboundHandlerAdapter implements HostStream {
    private @Nullable DuplexChannel channel;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private final ReadCoalescing coalescing = new ReadCoalescing();
    private @Nullable Receiver receiver;
    private @Nullable String broken;
    private int turn;
    private boolean paused;
    private boolean resting;
    private boolean told;
    private boolean inputEnded;
    private boolean outputClosed;
    private boolean closed;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = (DuplexChannel) context.channel();
    }

    private DuplexChannel channel() {
        DuplexChannel open = channel;
        if (open == null) {
            throw new IllegalStateException("the stream is not connected yet");
        }
        return open;
    }

    @Override
    public EventLoop loop() {
        return channel().eventLoop();
    }

    @Override
    public void receive(Receiver to) {
        receiver = to;
        if (!paused) {
            resume();
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        if (closed || outputClosed) {
            bytes.release();
        } else {
            channel().writeAndFlush(bytes, channel().voidPromise());
        }
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public void pause() {
        paused = true;
        channel().config().setAutoRead(false);
    }

    @Override
    public void resume() {
        paused = false;
        if (receiver != null && !closed) {
            channel().config().setAutoRead(!resting);
            if (!held.isEmpty() || inputEnded || broken != null) {
                loop().execute(this::deliver);
            }
        }
    }

    /** What came while nobody read, then the end, if it came, too. */
    private void deliver() {
        while (!paused && receiver != null && !held.isEmpty()) {
            receiver.bytes(held.remove());
        }
        if (paused || told || receiver == null || !held.isEmpty()) {
            return;
        }
        Receiver to = receiver;
        if (inputEnded) {
            told = true;
            to.ended();
            if (outputClosed) {
                close();
            }
        } else if (broken != null) {
            told = true;
            String why = broken;
            close();
            to.broken(why);
        }
    }

    @Override
    public void closeOutput() {
        if (closed || outputClosed) {
            return;
        }
        outputClosed = true;
        if (told) {
            close();
            return;
        }
        // An empty write is behind all that waits; only then the end may be told.
        channel().writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener)
                written -> channel().shutdownOutput());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            receiver = null;
            held.forEach(ByteBuf::release);
            held.clear();
            channel().close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closed || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
        } else {
            turn += bytes.readableBytes();
            held.add(bytes);
            deliver();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        long rest = coalescing.rest(turn, System.nanoTime());
        turn = 0;
        if (rest > 0 && !paused && !resting && !closed) {
            resting = true;
            channel().config().setAutoRead(false);
            loop().schedule(this::rested, rest, TimeUnit.NANOSECONDS);
        }
    }

    private void rested() {
        resting = false;
        if (!paused) {
            resume();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (receiver != null && channel().isWritable()) {
            receiver.writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            deliver();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        lose("the connection to the engine broke: " + failure.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose("the engine closed the connection");
    }

    private void lose(String why) {
        if (!closed && !inputEnded && broken == null) {
            broken = why;
            deliver();
        }
    }
}
