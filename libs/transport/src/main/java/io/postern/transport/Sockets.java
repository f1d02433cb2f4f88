package io.postern.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** The socket classes that fit a group of loops. */
final class Sockets {
    private static final Logger LOG = Logger.getLogger(Sockets.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private Sockets() {}

    static Class<? extends ServerChannel> server(EventLoopGroup loops) {
        if (loops instanceof EpollEventLoopGroup) {
            return EpollServerSocketChannel.class;
        }
        if (!Epoll.isAvailable() && !TOLD.getAndSet(true)) {
            LOG.warnf("transport=nio epoll does not work here: %s", Epoll.unavailabilityCause());
        }
        return NioServerSocketChannel.class;
    }

    /** @param loops a group, or one loop of one */
    static Class<? extends io.netty.channel.Channel> client(EventLoopGroup loops) {
        EventLoopGroup group = loops instanceof EventLoop loop ? loop.parent() : loops;
        return group instanceof EpollEventLoopGroup ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
