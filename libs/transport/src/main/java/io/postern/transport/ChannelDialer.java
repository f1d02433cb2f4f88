package io.postern.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.postern.wire.FrameBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Opens Channels. The server's chain must end in the bundle and its leaf must name the host dialled. Thread-safe. */
public final class ChannelDialer {
    private static final int CONNECT_MILLIS = 5_000;

    private final EventLoopGroup loops;
    private final TlsEngine engine;

    /** What the caller wants of a dial. */
    record Wish(
            TlsIdentity identity,
            @Nullable String alpn,
            FrameBuilder hello,
            ChannelHandler handler,
            ChannelOptions options) {}

    /** @param loops stay the caller's to end */
    public ChannelDialer(EventLoopGroup loops, TlsEngine engine) {
        this.loops = loops;
        this.engine = engine;
    }

    /**
     * Connects, shakes hands, says the hello. Completes on the Channel's loop before any frame is delivered, or with {@link
     * DialFailed} or {@link HelloRefused}. A cancelled future closes the Channel that would have come.
     *
     * @param alpn the one protocol to offer, or none
     */
    public CompletionStage<Channel> dial(
            Address address,
            TlsIdentity identity,
            @Nullable String alpn,
            FrameBuilder hello,
            ChannelHandler handler,
            ChannelOptions options) {
        CompletableFuture<Channel> dialled = new CompletableFuture<>();
        Wish wish = new Wish(identity, alpn, hello, handler, options);
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (literal != null) {
            connect(address, new InetSocketAddress(literalAddress(literal), address.port()), wish, dialled);
        } else {
            Thread.startVirtualThread(() -> resolve(address, wish, dialled));
        }
        return dialled;
    }

    private static InetAddress literalAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JDK's resolver blocks, so it runs beside the loops. */
    private void resolve(Address address, Wish wish, CompletableFuture<Channel> dialled) {
        try {
            connect(
                    address,
                    new InetSocketAddress(InetAddress.getByName(address.host()), address.port()),
                    wish,
                    dialled);
        } catch (UnknownHostException e) {
            wish.hello().release();
            dialled.completeExceptionally(new DialFailed("dial " + address + " failed at name lookup", e));
        } catch (RuntimeException e) {
            dialled.completeExceptionally(new DialFailed("dial " + address + " failed: " + e.getMessage(), e));
        }
    }

    private void connect(Address address, InetSocketAddress target, Wish wish, CompletableFuture<Channel> dialled) {
        new Bootstrap()
                .group(loops)
                .channel(Sockets.client(loops))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(io.netty.channel.Channel socket) {
                        prepare(address, socket, wish, dialled);
                    }
                })
                .connect(target)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        wish.hello().release();
                        dialled.completeExceptionally(new DialFailed(
                                "dial " + address + " failed at connect: "
                                        + connected.cause().getMessage(),
                                connected.cause()));
                    }
                });
    }

    private void prepare(
            Address address, io.netty.channel.Channel socket, Wish wish, CompletableFuture<Channel> dialled) {
        SslHandler tls =
                wish.identity().client(engine, wish.alpn()).newHandler(socket.alloc(), address.host(), address.port());
        tls.setHandshakeTimeout(ChannelServer.HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
        SSLEngine sslEngine = tls.engine();
        SSLParameters parameters = sslEngine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        sslEngine.setSSLParameters(parameters);
        socket.pipeline().addLast("tls", tls).addLast("hello", new DialStage(address, socket, tls, wish, dialled));
    }
}
