package io.postern.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.postern.fabric.channel.ChannelEngine;
import io.postern.transport.Outbox.Built;
import io.postern.transport.Outbox.Forwarded;
import io.postern.transport.Outbox.Out;
import io.postern.transport.Outbox.Request;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.util.concurrent.CompletableFuture;

/** Numbers frames and gives them to the socket, unflushed; refuses when too much waits. Confined to the channel's loop. */
final class FrameWriter {
    /** What became of a frame. */
    enum Outcome {
        WRITTEN,
        /** Written, and somebody waits for the reply. */
        AWAITED,
        DROPPED,
        /** Dropped, because the peer does not read. */
        OVERFLOW
    }

    /** Below this, head and body are copied into one buffer, because one write beats two. */
    private static final int ONE_WRITE = 4096;

    private final io.netty.channel.Channel socket;
    private final ChannelEngine<CompletableFuture<Frame>> engine;
    private final long mostPending;

    FrameWriter(io.netty.channel.Channel socket, ChannelEngine<CompletableFuture<Frame>> engine, long mostPending) {
        this.socket = socket;
        this.engine = engine;
        this.mostPending = mostPending;
    }

    /** Bytes the socket has not taken yet. */
    long pendingBytes() {
        ChannelOutboundBuffer pending = socket.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }

    Outcome write(Out out) {
        ChannelOutboundBuffer pending = socket.unsafe().outboundBuffer();
        if (pending == null) {
            out.drop("channel is closed");
            return Outcome.DROPPED;
        }
        if (pending.totalPendingWriteBytes() > mostPending) {
            out.drop("peer does not read");
            return Outcome.OVERFLOW;
        }
        return switch (out) {
            case Built(FrameBuilder frame) -> built(frame, engine.nextSequence());
            case Forwarded(Frame frame) -> forwarded(frame);
            case Request request -> request(request);
        };
    }

    private Outcome forwarded(Frame frame) {
        frame.sequence(engine.nextSequence());
        ByteBuf raw = frame.raw().retain();
        frame.release();
        socket.write(raw, socket.voidPromise());
        return Outcome.WRITTEN;
    }

    private Outcome request(Request request) {
        if (engine.isFull()) {
            request.drop("too many requests wait for replies");
            return Outcome.DROPPED;
        }
        int sequence = engine.nextSequence();
        engine.await(sequence, request.reply(), Clocks.nanos() + request.timeout());
        built(request.frame(), sequence);
        return Outcome.AWAITED;
    }

    private Outcome built(FrameBuilder frame, int sequence) {
        if (frame.size() <= ONE_WRITE) {
            socket.write(frame.encode(socket.alloc(), sequence), socket.voidPromise());
        } else {
            socket.write(frame.head(socket.alloc(), sequence), socket.voidPromise());
            socket.write(frame.takeBody(), socket.voidPromise());
        }
        return Outcome.WRITTEN;
    }
}
