package io.postern.router.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.postern.client.crypto.BrokenStream;
import io.postern.router.circuit.XgressEnd;
import io.postern.router.circuit.XgressSink;
import io.postern.wire.xgress.PayloadHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Joins a plain socket and an end of a Circuit on one loop. Each side stops the other by not reading; each direction ends
 * by itself. To SDKs an end of data is a FIN, to others an end of input: both are sent, as stock tunnelers do, and either
 * is understood. A Circuit that breaks resets the socket, so that nobody takes the half for the whole. In the socket's
 * pipeline from its beginning: a peer that has ended already is read even from a socket that is not to be read.
 */
final class SocketBridge extends ChannelInboundHandlerAdapter implements XgressSink {
    private static final Logger LOG = Logger.getLogger(Tunneler.class);
    /** Smaller reads are copied, so that a few bytes do not hold a whole read buffer until they are acknowledged. */
    private static final int SMALL = 4096;

    private final Channel socket;
    private final Deque<ByteBuf> early = new ArrayDeque<>();
    private @Nullable Sealing sealing;
    private @Nullable XgressEnd end;
    private boolean begun;
    private boolean reading = true;
    private boolean flushWanted;
    private boolean endedEarly;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean over;

    SocketBridge(Channel socket) {
        this.socket = socket;
    }

    Channel socket() {
        return socket;
    }

    /** On the loop: the Circuit stands, bytes may flow. */
    XgressSink attach(XgressEnd circuit, @Nullable Sealing endToEnd) {
        end = circuit;
        sealing = endToEnd;
        socket.eventLoop().execute(this::begin);
        return this;
    }

    private void begin() {
        begun = true;
        sendHeader();
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            toCircuit(bytes);
        }
        if (endedEarly) {
            endInput();
        }
        if (!socket.isActive()) {
            channelInactive(null);
        } else if (reading && !over) {
            socket.config().setAutoRead(true);
        }
    }

    private void sendHeader() {
        ByteBuf header = sealing == null ? null : sealing.takeHeader();
        if (header != null && end != null && !over) {
            end.offer(header, PayloadHeaders.NONE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes) || over || inputEnded) {
            ReferenceCountUtil.release(message);
        } else if (begun) {
            toCircuit(bytes);
        } else {
            early.add(bytes);
        }
    }

    private void toCircuit(ByteBuf bytes) {
        if (end == null || over) {
            bytes.release();
        } else if (!end.offer(body(bytes), PayloadHeaders.NONE)) {
            reading = false;
            socket.config().setAutoRead(false);
        }
    }

    private ByteBuf body(ByteBuf bytes) {
        if (sealing != null) {
            return sealing.seal(bytes, socket.alloc());
        }
        if (bytes.readableBytes() < SMALL && bytes.capacity() > 2 * SMALL) {
            ByteBuf copy = socket.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
            return copy;
        }
        return bytes;
    }

    @Override
    public void writable() {
        reading = true;
        if (!over) {
            socket.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (begun) {
                endInput();
            } else {
                endedEarly = true;
            }
        }
    }

    private void endInput() {
        if (!inputEnded && end != null && !over) {
            inputEnded = true;
            end.offer(Unpooled.EMPTY_BUFFER, PayloadHeaders.FINISHED);
            end.endOfInput();
            closeWhenBothEnded();
        }
    }

    @Override
    public void channelInactive(@Nullable ChannelHandlerContext context) {
        if (!begun) {
            early.forEach(ByteBuf::release);
            early.clear();
        } else if (!over && end != null) {
            over = true;
            end.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (end == null || over) {
            return;
        }
        if (socket.isWritable()) {
            end.resume();
        } else {
            end.pause();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        LOG.debugf("tunnel.socket.failed circuitId=%s cause=%s", end == null ? "" : end.circuitId(), failure);
        socket.close();
    }

    @Override
    public void data(ByteBuf body, PayloadHeaders headers) {
        if (over || outputEnded) {
            body.release();
        } else {
            write(body);
        }
        if (headers.fin()) {
            endOfData();
        }
    }

    private void write(ByteBuf body) {
        ByteBuf plain = body;
        if (sealing != null && body.isReadable()) {
            try {
                plain = sealing.open(body, socket.alloc());
            } catch (BrokenStream e) {
                LOG.infof(
                        "tunnel.unreadable circuitId=%s cause=%s", end == null ? "" : end.circuitId(), e.getMessage());
                reset();
                return;
            }
        }
        if (!plain.isReadable()) {
            plain.release();
            return;
        }
        socket.write(plain, socket.voidPromise());
        if (!flushWanted) {
            flushWanted = true;
            socket.eventLoop().execute(this::flush);
        }
    }

    /** Once for all bodies of a pass. */
    private void flush() {
        flushWanted = false;
        socket.flush();
    }

    @Override
    public void endOfData() {
        if (outputEnded || over) {
            return;
        }
        outputEnded = true;
        socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (socket instanceof DuplexChannel duplex && !duplex.isOutputShutdown()) {
                duplex.shutdownOutput();
            }
        });
        closeWhenBothEnded();
    }

    /** An SDK at the other end says FIN and no more; its Circuit ends here. */
    private void closeWhenBothEnded() {
        if (inputEnded && outputEnded && end != null) {
            end.close();
        }
    }

    @Override
    public void closed(String reason) {
        if (over) {
            return;
        }
        over = true;
        if (reason.isEmpty()) {
            socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> socket.close());
        } else {
            LOG.debugf("tunnel.reset circuitId=%s reason=%s", end == null ? "" : end.circuitId(), reason);
            resetSocket();
        }
    }

    private void reset() {
        over = true;
        if (end != null) {
            end.close();
        }
        resetSocket();
    }

    private void resetSocket() {
        // sockets without the option, such as unix ones, ignore it with a warning of their own
        if (socket.remoteAddress() instanceof java.net.InetSocketAddress) {
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        socket.close();
    }
}
