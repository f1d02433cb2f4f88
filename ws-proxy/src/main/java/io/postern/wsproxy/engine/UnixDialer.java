package io.postern.wsproxy.engine;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Dials an engine on this machine by its unix socket. Needs epoll loops. */
record UnixDialer(HostName host, Path socket) implements HostDialer {
    /** What a read that is full hands on without a copy; so many of them empty a socket of Linux' default size in one turn. */
    private static final int READ = 64 * 1024;

    private static final int READS = 4;

    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    @Override
    public CompletionStage<HostStream> dial(EventLoop loop) {
        CompletableFuture<HostStream> dialled = new CompletableFuture<>();
        SocketStream stream = new SocketStream();
        new Bootstrap()
                .group(loop)
                .channel(EpollDomainSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ).maxMessagesPerRead(READS))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(stream);
                    }
                })
                .connect(new DomainSocketAddress(socket.toFile()))
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        dialled.complete(stream);
                    } else {
                        dialled.completeExceptionally(new EngineRefusal(
                                EngineRefusal.Code.HOST_UNREACHABLE,
                                "the engine of host " + host + " does not answer at its socket; is it running?"));
                    }
                });
        return dialled;
    }
}
