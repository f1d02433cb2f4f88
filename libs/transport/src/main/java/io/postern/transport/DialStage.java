package io.postern.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Between connect and an open Channel, dialling side: TLS, our hello out, the peer's answer in. */
final class DialStage extends ChannelInboundHandlerAdapter {
    private static final Duration HELLO = Duration.ofSeconds(5);

    private final Address address;
    private final SslHandler tls;
    private final FrameBuilder hello;
    private final ChannelHandler handler;
    private final ChannelOptions options;
    private final CompletableFuture<Channel> dialled;
    private final FrameDecoder decoder;
    private final io.netty.channel.Channel socket;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    DialStage(
            Address address,
            io.netty.channel.Channel socket,
            SslHandler tls,
            ChannelDialer.Wish wish,
            CompletableFuture<Channel> dialled) {
        this.address = address;
        this.socket = socket;
        this.tls = tls;
        this.hello = wish.hello();
        this.handler = wish.handler();
        this.options = wish.options();
        this.dialled = dialled;
        this.decoder = new FrameDecoder(socket.alloc());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent shaken)) {
            context.fireUserEventTriggered(event);
        } else if (!shaken.isSuccess()) {
            fail("TLS", shaken.cause());
        } else {
            deadline = socket.eventLoop()
                    .schedule(() -> fail("hello: no answer", null), HELLO.toMillis(), TimeUnit.MILLISECONDS);
            socket.writeAndFlush(hello.encode(socket.alloc(), -1), socket.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (done || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        decoder.offer(bytes);
        Frame answer;
        try {
            answer = decoder.next();
        } catch (MalformedFrame e) {
            fail("hello", e);
            return;
        }
        if (answer == null) {
            return;
        }
        try {
            answered(answer);
        } finally {
            answer.release();
        }
    }

    private void answered(Frame answer) {
        if (answer.contentType() != ContentType.RESULT) {
            fail("hello: answer is " + answer, null);
        } else if (!answer.bool(Header.RESULT_SUCCESS)) {
            HelloRefused refused =
                    new HelloRefused(Printable.sentence(answer.bodyText()), answer.i32(Header.HELLO_REJECT_CLASS, 0));
            end();
            dialled.completeExceptionally(refused);
        } else {
            open(answer);
        }
    }

    private void open(Frame answer) {
        List<X509Certificate> chain = Printable.chain(tls.engine().getSession());
        PeerFacts peer = new PeerFacts(
                Optional.ofNullable(answer.string(Header.CONNECTION_ID))
                        .filter(id -> !id.isEmpty())
                        .map(Printable::text)
                        .orElseGet(() -> UUID.randomUUID().toString()),
                Optional.ofNullable(answer.string(Header.ID)).orElseGet(() -> Printable.commonName(chain)),
                chain,
                answer.headers(),
                (InetSocketAddress) socket.remoteAddress(),
                (InetSocketAddress) socket.localAddress());
        done = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        ChannelDriver driver = new ChannelDriver(socket, peer, options, decoder);
        socket.pipeline().replace(this, "channel", driver);
        if (!dialled.complete(driver)) {
            driver.close("nobody waits for it");
        }
        driver.begin(handler);
    }

    private void fail(String step, @Nullable Throwable cause) {
        if (!done) {
            end();
            String why = cause == null ? "" : ": " + Printable.reason(cause);
            dialled.completeExceptionally(new DialFailed("dial " + address + " failed at " + step + why, cause));
        }
    }

    private void end() {
        done = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        decoder.release();
        hello.release();
        socket.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        fail("TLS", failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail("hello: closed by peer", null);
    }
}
