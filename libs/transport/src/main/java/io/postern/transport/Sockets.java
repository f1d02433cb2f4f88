package io.postern.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The socket classes that fit a group of loops. */
final class Sockets {
    private Sockets() {}

    static Class<? extends ServerChannel> server(EventLoopGroup loops) {
        return loops instanceof EpollEventLoopGroup ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** @param loops a group, or one loop of one */
    static Class<? extends io.netty.channel.Channel> client(EventLoopGroup loops) {
        EventLoopGroup group = loops instanceof EventLoop loop ? loop.parent() : loops;
        return group instanceof EpollEventLoopGroup ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
