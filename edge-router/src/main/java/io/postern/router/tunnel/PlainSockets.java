package io.postern.router.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import io.postern.client.hosting.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Plain sockets on the router's loops: half close allowed, not read until somebody is behind them. */
final class PlainSockets implements AutoCloseable {
    private static final WriteBufferWaterMark MARK = new WriteBufferWaterMark(128 * 1024, 512 * 1024);
    private static final int RESOLVERS = 4;
    private static final int MOST_LOOKUPS = 1000;

    /** The system's resolver blocks; it never does so on a loop. */
    private final ThreadPoolExecutor resolvers = new ThreadPoolExecutor(
            RESOLVERS,
            RESOLVERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_LOOKUPS),
            Thread.ofPlatform().name("tunnel-resolver-", 0).daemon().factory());

    PlainSockets() {
        resolvers.allowCoreThreadTimeOut(true);
    }

    /** A unix socket was asked for on loops that have none. */
    static final class NoUnixSockets extends Exception {
        private static final long serialVersionUID = 1;

        NoUnixSockets() {
            super("unix sockets need the native transport", null, false, false);
        }
    }

    /**
     * Fails with {@link UnknownHostException}, {@link java.net.ConnectException} (also
     * {@link io.netty.channel.ConnectTimeoutException}) or {@link NoUnixSockets}.
     */
    CompletionStage<SocketBridge> dial(Target target, EventLoop loop, Duration timeout, int readSize) {
        return switch (target) {
            case Target.Tcp(String host, int port) ->
                resolve(host)
                        .thenCompose(address -> connect(
                                bootstrap(loop, timeout, readSize)
                                        .channel(isEpoll(loop) ? EpollSocketChannel.class : NioSocketChannel.class)
                                        .option(ChannelOption.TCP_NODELAY, true),
                                new InetSocketAddress(address, port)));
            case Target.Unix(String path) ->
                isEpoll(loop)
                        ? connect(
                                bootstrap(loop, timeout, readSize).channel(EpollDomainSocketChannel.class),
                                new DomainSocketAddress(path))
                        : CompletableFuture.failedFuture(new NoUnixSockets());
        };
    }

    private static boolean isEpoll(EventLoop loop) {
        return loop.parent() instanceof EpollEventLoopGroup;
    }

    private static Bootstrap bootstrap(EventLoop loop, Duration timeout, int readSize) {
        return new Bootstrap()
                .group(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout.toMillis(), 600_000))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARK)
                .option(ChannelOption.RCVBUF_ALLOCATOR, reads(readSize))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        socket.pipeline().addLast(new SocketBridge(socket));
                    }
                });
    }

    static AdaptiveRecvByteBufAllocator reads(int most) {
        return new AdaptiveRecvByteBufAllocator(1024, Math.min(16 * 1024, most), most);
    }

    private static CompletionStage<SocketBridge> connect(Bootstrap bootstrap, java.net.SocketAddress address) {
        CompletableFuture<SocketBridge> dialed = new CompletableFuture<>();
        ChannelFuture connecting = bootstrap.connect(address);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                dialed.complete(connecting.channel().pipeline().get(SocketBridge.class));
            } else {
                dialed.completeExceptionally(done.cause());
            }
        });
        return dialed;
    }

    private CompletionStage<InetAddress> resolve(String host) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        CompletableFuture<InetAddress> resolved = new CompletableFuture<>();
        try {
            if (literal != null) {
                return CompletableFuture.completedFuture(InetAddress.getByAddress(literal));
            }
            resolvers.execute(() -> {
                try {
                    resolved.complete(InetAddress.getByName(host));
                } catch (UnknownHostException e) {
                    resolved.completeExceptionally(e);
                }
            });
        } catch (UnknownHostException | RejectedExecutionException e) {
            resolved.completeExceptionally(e);
        }
        return resolved;
    }

    /** Accepted sockets go to the handler unread. */
    static ChannelFuture listen(EventLoopGroup loops, InetSocketAddress address, ChannelHandler accepted) {
        return new ServerBootstrap()
                .group(loops)
                .channel(
                        loops instanceof EpollEventLoopGroup
                                ? EpollServerSocketChannel.class
                                : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARK)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, reads(BodySize.ANY_PEER))
                .childHandler(accepted)
                .bind(address);
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
    }
}
