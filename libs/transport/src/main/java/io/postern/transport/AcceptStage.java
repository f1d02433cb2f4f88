package io.postern.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Between TLS and an open Channel, accepting side: one hello in, one answer out. */
final class AcceptStage extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(ChannelServer.class);
    /** Refusal of a foreign wire version: its magic, one version, which is 2. */
    private static final byte[] ONLY_VERSION_2 = {3, 6, 9, 0x0A, 1, 0, 0, 0, 2, 0, 0, 0};

    private final ChannelAcceptor acceptor;
    private final String alpn;
    private final List<X509Certificate> chain;
    private final FrameDecoder decoder;
    private final ScheduledFuture<?> deadline;
    private final io.netty.channel.Channel socket;
    private boolean asked;
    private boolean done;

    AcceptStage(
            io.netty.channel.Channel socket,
            ChannelAcceptor acceptor,
            String alpn,
            List<X509Certificate> chain,
            Duration timeout) {
        this.socket = socket;
        this.acceptor = acceptor;
        this.alpn = alpn;
        this.chain = chain;
        this.decoder = new FrameDecoder(socket.alloc());
        this.deadline = socket.eventLoop()
                .schedule(() -> refuse("no hello within " + timeout), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private InetSocketAddress remote() {
        return (InetSocketAddress) socket.remoteAddress();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (done || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        decoder.offer(bytes);
        if (!asked) {
            read();
        }
    }

    private void read() {
        Frame hello;
        try {
            hello = decoder.next();
        } catch (MalformedFrame e) {
            if (decoder.wrongMagic()) {
                socket.write(Unpooled.wrappedBuffer(ONLY_VERSION_2));
            }
            refuse(e.getMessage());
            return;
        }
        if (hello == null) {
            return;
        }
        try {
            if (hello.contentType() == ContentType.HELLO) {
                ask(hello);
            } else {
                refuse("first frame is " + hello);
            }
        } finally {
            hello.release();
        }
    }

    private void ask(Frame hello) {
        asked = true;
        socket.config().setAutoRead(false);
        int sequence = hello.sequence();
        PendingHello pending = new PendingHello(hello.headers(), hello.bodyText(), chain, alpn, remote());
        try {
            acceptor.hello(pending)
                    .whenComplete((answer, failure) ->
                            socket.eventLoop().execute(() -> answer(pending, sequence, answer, failure)));
        } catch (RuntimeException e) {
            answer(pending, sequence, null, e);
        }
    }

    private void answer(PendingHello pending, int sequence, @Nullable HelloAnswer answer, @Nullable Throwable failure) {
        if (done) {
            return;
        }
        if (failure instanceof MalformedFrame) {
            refuse(failure.getMessage());
        } else if (failure != null || answer == null) {
            LOG.errorf(failure, "hello.failed remote=%s", remote());
            reject(sequence, new HelloAnswer.Reject("internal error", HelloAnswer.Reject.UNSPECIFIED));
        } else {
            switch (answer) {
                case HelloAnswer.Accept accept -> accept(pending, sequence, accept);
                case HelloAnswer.Reject reject -> {
                    LOG.infof("hello.refused remote=%s alpn=%s why=%s", remote(), alpn, reject.text());
                    reject(sequence, reject);
                }
            }
        }
    }

    private static FrameBuilder result(int sequence, boolean success) {
        return FrameBuilder.of(ContentType.RESULT)
                .i32(Header.REPLY_FOR, sequence)
                .bool(Header.RESULT_SUCCESS, success);
    }

    private void accept(PendingHello pending, int sequence, HelloAnswer.Accept accept) {
        String channelId = UUID.randomUUID().toString();
        FrameBuilder result = result(sequence, true).string(Header.CONNECTION_ID, channelId);
        accept.headers().accept(result);
        finish();
        PeerFacts peer =
                new PeerFacts(channelId, pending.body(), chain, pending.headers(), remote(), (InetSocketAddress)
                        socket.localAddress());
        ChannelDriver driver = new ChannelDriver(socket, peer, accept.options(), decoder);
        socket.pipeline().replace(this, "channel", driver);
        socket.writeAndFlush(result.encode(socket.alloc(), -1), socket.voidPromise());
        driver.begin(accept.opened().apply(driver));
    }

    private void reject(int sequence, HelloAnswer.Reject reject) {
        finish();
        FrameBuilder result = result(sequence, false)
                .i32(Header.HELLO_REJECT_CLASS, reject.rejectClass())
                .body(reject.text());
        decoder.release();
        socket.writeAndFlush(result.encode(socket.alloc(), -1)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes without an answer. */
    private void refuse(String what) {
        if (done) {
            return;
        }
        LOG.warnf("hello.malformed remote=%s alpn=%s what=%s", remote(), alpn, what);
        finish();
        decoder.release();
        socket.flush();
        socket.close();
    }

    private void finish() {
        done = true;
        deadline.cancel(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        refuse(String.valueOf(failure.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!done) {
            finish();
            decoder.release();
        }
    }
}
