package io.postern.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A TLS port that speaks frames; several protocols share it by ALPN. The acceptor named by the empty string takes clients
 * that offer no protocol.
 */
public final class ChannelServer {
    static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Duration HELLO = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(ChannelServer.class);

    private final ServerOptions options;
    private final Map<String, ChannelAcceptor> acceptors;
    private final List<String> protocols;
    private final Set<io.netty.channel.Channel> connections = ConcurrentHashMap.newKeySet();
    private volatile io.netty.channel.@org.jspecify.annotations.Nullable Channel listening;

    private ChannelServer(ServerOptions options, Map<String, ChannelAcceptor> acceptors) {
        this.options = options;
        this.acceptors = Map.copyOf(acceptors);
        this.protocols = acceptors.keySet().stream()
                .filter(name -> !name.isEmpty())
                .sorted()
                .toList();
    }

    /** Completes when the port is open, or with a {@link java.net.BindException}. */
    public static CompletionStage<ChannelServer> bind(ServerOptions options, Map<String, ChannelAcceptor> acceptors) {
        return new ChannelServer(options, acceptors).bind();
    }

    private CompletionStage<ChannelServer> bind() {
        options.identity().server(options.engine(), protocols, options.clients());
        CompletableFuture<ChannelServer> bound = new CompletableFuture<>();
        ChannelFuture bind = new ServerBootstrap()
                .group(options.loops())
                .channel(Sockets.server(options.loops()))
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(io.netty.channel.Channel socket) {
                        connected(socket);
                    }
                })
                .bind(options.bind());
        bind.addListener(done -> {
            if (done.isSuccess()) {
                listening = bind.channel();
                bound.complete(this);
            } else {
                bound.completeExceptionally(done.cause());
            }
        });
        return bound;
    }

    private void connected(io.netty.channel.Channel socket) {
        if (connections.size() >= options.mostConnections()) {
            LOG.warnf("server.full port=%d remote=%s", port(), socket.remoteAddress());
            socket.close();
            return;
        }
        connections.add(socket);
        socket.closeFuture().addListener(closed -> connections.remove(socket));
        SslHandler tls = options.identity()
                .server(options.engine(), protocols, options.clients())
                .newHandler(socket.alloc());
        tls.setHandshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
        socket.pipeline().addLast("tls", tls).addLast("alpn", new TlsStage(tls));
    }

    /** Waits for the handshake, then gives the connection to the acceptor of its protocol. */
    private final class TlsStage extends ChannelInboundHandlerAdapter {
        private final SslHandler tls;

        TlsStage(SslHandler tls) {
            this.tls = tls;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent done)) {
                context.fireUserEventTriggered(event);
                return;
            }
            if (!done.isSuccess()) {
                LOG.infof(
                        "tls.refused remote=%s cause=%s",
                        context.channel().remoteAddress(), Printable.reason(done.cause()));
                context.close();
                return;
            }
            String alpn = Optional.ofNullable(tls.applicationProtocol()).orElse("");
            ChannelAcceptor acceptor = acceptors.get(alpn);
            if (acceptor == null) {
                LOG.infof(
                        "tls.refused remote=%s cause=no protocol '%s' here",
                        context.channel().remoteAddress(), alpn);
                context.close();
                return;
            }
            accept(context.channel(), acceptor, options.helloTimeout());
            context.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }

    private static void accept(io.netty.channel.Channel socket, ChannelAcceptor acceptor, Duration timeout) {
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        String alpn = Optional.ofNullable(tls.applicationProtocol()).orElse("");
        socket.pipeline()
                .addLast(
                        "hello",
                        new AcceptStage(
                                socket,
                                acceptor,
                                alpn,
                                Printable.chain(tls.engine().getSession()),
                                timeout));
    }

    /**
     * Takes over a connection whose TLS handshake somebody else has done, before any byte of it was read. Its pipeline holds
     * an {@link SslHandler} and nothing behind it that eats bytes. On the connection's loop. The peer's chain is as
     * presented: whether it is trusted is then for the acceptor to say ({@link TlsIdentity#trusts}).
     */
    public static void adopt(io.netty.channel.Channel tlsDone, ChannelAcceptor acceptor) {
        accept(tlsDone, acceptor, HELLO);
    }

    public int port() {
        io.netty.channel.Channel socket = listening;
        return socket == null ? options.bind().getPort() : ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /** Closes the port and every connection that came through it. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        io.netty.channel.Channel socket = listening;
        if (socket == null) {
            closed.complete(null);
        } else {
            socket.close().addListener(done -> closed.complete(null));
        }
        connections.forEach(io.netty.channel.Channel::close);
        return closed;
    }
}
