package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request on a stream of its own and its answer, without blocking; confined to the stream's loop. Redirects
 * are answers like others: nobody follows them.
 */
final class Exchange implements HostStream.Receiver {
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Who gets the answer. Exactly one of {@link #complete} and {@link #failed} is the last call. */
    interface Listener {
        void head(ResponseHead head);

        /** Takes ownership. */
        void body(ByteBuf bytes);

        void complete();

        void failed(EngineRefusal why);

        default void writable() {}
    }

    private final HostStream stream;
    private final HostName host;
    private final Listener listener;
    private final boolean noBody;
    private ResponseHead.Reader reader = new ResponseHead.Reader();
    private @Nullable BodyDecoder body;
    private @Nullable ScheduledFuture<?> patience;
    private boolean over;

    private Exchange(HostStream stream, HostName host, boolean noBody, Listener listener) {
        this.stream = stream;
        this.host = host;
        this.noBody = noBody;
        this.listener = listener;
    }

    /** Sends the head. On the loop. @param untilHead how long the answer's head may take */
    static Exchange begin(
            HostStream stream, HostName host, String method, byte[] head, Duration untilHead, Listener listener) {
        Exchange exchange = new Exchange(stream, host, method.equals("HEAD"), listener);
        stream.write(Unpooled.wrappedBuffer(head));
        exchange.patience = stream.loop().schedule(exchange::late, untilHead.toMillis(), TimeUnit.MILLISECONDS);
        stream.receive(exchange);
        return exchange;
    }

    private void late() {
        fail(new EngineRefusal(EngineRefusal.Code.TIMEOUT, "the engine of host " + host + " did not answer in time"));
    }

    /** A part of the body. Takes ownership. */
    void write(ByteBuf bytes) {
        stream.write(bytes);
    }

    /** A part of a body that is sent in chunks. Takes ownership. */
    void writeChunk(ByteBuf bytes) {
        int size = bytes.readableBytes();
        if (size == 0) {
            bytes.release();
            return;
        }
        ByteBuf head = Unpooled.buffer(16);
        ByteBufUtil.writeAscii(head, Integer.toHexString(size) + "\r\n");
        stream.write(Unpooled.wrappedBuffer(head, bytes, Unpooled.wrappedBuffer(new byte[] {'\r', '\n'})));
    }

    /** Ends a body that is sent in chunks. */
    void lastChunk() {
        stream.write(Unpooled.wrappedBuffer(LAST_CHUNK));
    }

    boolean isWritable() {
        return stream.isWritable();
    }

    void pause() {
        stream.pause();
    }

    void resume() {
        stream.resume();
    }

    void close() {
        over = true;
        calm();
        stream.close();
    }

    @Override
    public void bytes(ByteBuf in) {
        try {
            if (over) {
                return;
            }
            if (body == null && !head(in)) {
                return;
            }
            body.feed(in, listener::body);
            if (body.isDone() && !over) {
                done();
            }
        } catch (MalformedAnswer e) {
            fail(new EngineRefusal(EngineRefusal.Code.ENGINE_FAILED, e.getMessage()));
        } finally {
            in.release();
        }
    }

    private boolean head(ByteBuf in) {
        ResponseHead head = reader.feed(in);
        if (head == null) {
            return false;
        }
        if (head.status() == 101) {
            throw new MalformedAnswer("it changes protocols unasked");
        }
        if (head.status() < 200) {
            reader = new ResponseHead.Reader();
            return head(in);
        }
        calm();
        body = new BodyDecoder(head, noBody);
        listener.head(head);
        return !over;
    }

    private void done() {
        over = true;
        stream.close();
        listener.complete();
    }

    @Override
    public void writable() {
        if (!over) {
            listener.writable();
        }
    }

    @Override
    public void ended() {
        if (over) {
            return;
        }
        if (body == null) {
            broken("its engine hung up without an answer");
            return;
        }
        try {
            body.ended();
            done();
        } catch (MalformedAnswer e) {
            fail(new EngineRefusal(EngineRefusal.Code.ENGINE_FAILED, e.getMessage()));
        }
    }

    @Override
    public void broken(String why) {
        fail(new EngineRefusal(EngineRefusal.Code.HOST_UNREACHABLE, "host " + host + ": " + why));
    }

    private void fail(EngineRefusal why) {
        if (!over) {
            over = true;
            calm();
            stream.close();
            listener.failed(why);
        }
    }

    private void calm() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }
}
