package io.postern.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.postern.client.crypto.KeyExchange;
import io.postern.client.crypto.SecretStream;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One connection id of a channel, as streams. Frames come on the loop; reading, writing and sealing happen outside. */
final class EdgeConnection implements Connection, Dialing.Dialled {
    private static final int FIN = 1;
    /** Plain bytes of one Data. Old JVM clients lose what exceeds 32 KiB behind a full buffer. Stock clients, quirk J1. */
    private static final int CHUNK = 32 * 1024;

    private static final int TYPE_DIAL = 1;

    /** What both ends know of a connection. */
    record Facts(String service, String callerId, byte[] appData) {}

    private final RouterChannel channel;
    private final int connId;
    private final Facts facts;
    private final Inbox inbox;
    private final In in = new In();
    private final Out out = new Out();
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean outputClosed;
    private volatile boolean peerGone;
    private volatile String circuitId = "";
    private volatile Duration readTimeout = Duration.ZERO;
    private volatile KeyExchange.@Nullable Keys keys;
    private SecretStream.@Nullable Push push;

    EdgeConnection(RouterChannel channel, int connId, Facts facts) {
        this.channel = channel;
        this.connId = connId;
        this.facts = facts;
        this.inbox = new Inbox(channel::hold, channel::letGo);
    }

    /** Before the first read or write: the circuit, and the keys where the connection is encrypted. */
    @Override
    public void begin(String circuit, KeyExchange.@Nullable Keys both) {
        circuitId = circuit;
        keys = both;
        if (both != null) {
            push = both.push();
            send(Unpooled.wrappedBuffer(push.header()));
        }
    }

    @Override
    public void frame(Frame frame) {
        switch (frame.contentType()) {
            case ContentType.DATA -> data(frame);
            case ContentType.STATE_CLOSED -> {
                peerGone = true;
                channel.forget(connId);
                inbox.end();
                frame.release();
                over.completeAsync(() -> null, Thread::startVirtualThread);
            }
            case ContentType.CONN_INSPECT_REQUEST -> {
                channel.channel().send(inspected(frame, connId, TYPE_DIAL));
                frame.release();
            }
            default -> frame.release();
        }
    }

    static FrameBuilder inspected(Frame request, int connId, int type) {
        return FrameBuilder.reply(ContentType.CONN_INSPECT_RESPONSE, request)
                .i32(Header.CONN_ID, connId)
                .u8(Header.CONN_TYPE, type)
                .body("id=" + Integer.toUnsignedString(connId));
    }

    private void data(Frame frame) {
        boolean last = (frame.i32(Header.FLAGS, 0) & FIN) != 0;
        if (frame.bodyLength() > 0) {
            inbox.put(frame);
        } else {
            frame.release();
        }
        if (last) {
            inbox.end();
        }
    }

    @Override
    public void lost(String why) {
        peerGone = true;
        inbox.fail(new IOException(why));
        over.completeAsync(() -> null, Thread::startVirtualThread);
    }

    private void send(ByteBuf body) {
        channel.channel()
                .send(FrameBuilder.of(ContentType.DATA)
                        .i32(Header.CONN_ID, connId)
                        .body(body));
    }

    @Override
    public InputStream input() {
        return in;
    }

    @Override
    public OutputStream output() {
        return out;
    }

    @Override
    public void closeOutput() throws IOException {
        writing.lock();
        try {
            if (outputClosed || closed.get()) {
                return;
            }
            outputClosed = true;
            channel.channel()
                    .send(FrameBuilder.of(ContentType.DATA)
                            .i32(Header.CONN_ID, connId)
                            .i32(Header.FLAGS, FIN));
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        channel.forget(connId);
        inbox.discard();
        over.completeAsync(() -> null, Thread::startVirtualThread);
        if (!peerGone) {
            channel.channel().send(FrameBuilder.of(ContentType.STATE_CLOSED).i32(Header.CONN_ID, connId));
        }
    }

    @Override
    public void abandon() {
        close();
    }

    @Override
    public void readTimeout(Duration timeout) {
        readTimeout = timeout;
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && !peerGone;
    }

    @Override
    public CompletionStage<Void> closed() {
        return over.minimalCompletionStage();
    }

    @Override
    public String circuitId() {
        return circuitId;
    }

    @Override
    public String service() {
        return facts.service();
    }

    @Override
    public String router() {
        return channel.router();
    }

    @Override
    public String callerId() {
        return facts.callerId();
    }

    @Override
    public byte[] appData() {
        return facts.appData().clone();
    }

    @Override
    public boolean isEncrypted() {
        return keys != null;
    }

    @Override
    public String toString() {
        return "connection connId=" + Integer.toUnsignedString(connId) + " circuitId=" + circuitId + " service="
                + facts.service() + " router=" + channel.router();
    }

    /** Takes clear bodies into the caller's array where they fit; others, and records, into its own, which is read bit by bit. */
    private final class In extends InputStream {
        // Not a monitor: up to JDK 23 a virtual thread that waits in one holds its carrier, and readers wait long.
        private final ReentrantLock reading = new ReentrantLock();
        private byte[] own = new byte[0];
        private int at;
        private int end;
        private SecretStream.@Nullable Pull pull;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            java.util.Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            reading.lock();
            try {
                return next(into, offset, length);
            } finally {
                reading.unlock();
            }
        }

        private int next(byte[] into, int offset, int length) throws IOException {
            while (at == end) {
                Frame frame = inbox.take(readTimeout);
                if (frame == null) {
                    return -1;
                }
                int direct;
                try {
                    direct = open(frame, into, offset, length);
                } finally {
                    frame.release();
                }
                if (direct > 0) {
                    return direct;
                }
            }
            int some = Math.min(length, end - at);
            System.arraycopy(own, at, into, offset, some);
            at += some;
            return some;
        }

        /** Bytes put into the caller's array; 0 when they are in {@link #own}, or there were none. */
        private int open(Frame frame, byte[] into, int offset, int length) throws IOException {
            ByteBuf body = frame.body();
            KeyExchange.Keys with = keys;
            if (with != null && pull == null) {
                pull = pull(with, body);
            }
            int size = body.readableBytes();
            if (size == 0) {
                return 0;
            }
            if (pull == null && size <= length) {
                body.readBytes(into, offset, size);
                return size;
            }
            int begin = pull == null ? 0 : SecretStream.BEFORE;
            own = own.length < begin + size ? new byte[begin + size] : own;
            body.readBytes(own, begin, size);
            int bytes = pull == null ? size : pull.open(own, begin, size);
            at = pull == null ? 0 : begin + 1;
            end = at + bytes;
            return 0;
        }

        private SecretStream.Pull pull(KeyExchange.Keys with, ByteBuf body) throws IOException {
            if (body.readableBytes() < SecretStream.HEADER) {
                throw new IOException("the peer did not begin with a stream header; it may not encrypt");
            }
            byte[] header = new byte[SecretStream.HEADER];
            body.readBytes(header);
            return with.pull(header);
        }

        @Override
        public int available() {
            reading.lock();
            try {
                return end - at > 0 ? end - at : inbox.isEmpty() ? 0 : 1;
            } finally {
                reading.unlock();
            }
        }

        @Override
        public void close() {
            EdgeConnection.this.close();
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            java.util.Objects.checkFromIndexSize(offset, length, from.length);
            for (int done = 0; done < length; done += CHUNK) {
                chunk(from, offset + done, Math.min(CHUNK, length - done));
            }
        }

        private void chunk(byte[] from, int offset, int length) throws IOException {
            channel.awaitWritable();
            writing.lock();
            try {
                check();
                SecretStream.Push seal = push;
                ByteBuf body = PooledByteBufAllocator.DEFAULT.heapBuffer(length + SecretStream.OVERHEAD);
                if (seal == null) {
                    body.writeBytes(from, offset, length);
                } else {
                    int size = seal.seal(SecretStream.MESSAGE, from, offset, length, body.array(), body.arrayOffset());
                    body.writerIndex(size);
                }
                send(body);
            } finally {
                writing.unlock();
            }
        }

        private void check() throws IOException {
            if (closed.get()) {
                throw new IOException("connection is closed");
            }
            if (outputClosed) {
                throw new IOException("output is closed");
            }
            if (peerGone) {
                throw new IOException("the peer closed the connection");
            }
        }

        @Override
        public void close() throws IOException {
            closeOutput();
        }
    }
}
