package io.postern.controller.front;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.jboss.logging.Logger;

/**
 * Makes TLS handlers from the settings in force at each connection, and takes control connections away from the HTTP
 * server: it sees them before the server does, because the handler's own future completes before its event is fired.
 */
final class FrontSslContext extends SslContext {
    private static final Logger LOG = Logger.getLogger(FrontSslContext.class);

    private final Supplier<SslContext> current;
    private final Handover handover;

    FrontSslContext(Supplier<SslContext> current, Handover handover) {
        this.current = current;
        this.handover = handover;
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, boolean startTls, Executor tasks) {
        return watch(current.get().newHandler(alloc, tasks));
    }

    @Override
    protected SslHandler newHandler(
            ByteBufAllocator alloc, String peerHost, int peerPort, boolean startTls, Executor tasks) {
        return watch(current.get().newHandler(alloc, peerHost, peerPort, tasks));
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, boolean startTls) {
        return watch(current.get().newHandler(alloc));
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator alloc, String peerHost, int peerPort, boolean startTls) {
        return watch(current.get().newHandler(alloc, peerHost, peerPort));
    }

    private SslHandler watch(SslHandler tls) {
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess() && Handover.CONTROL.equals(tls.applicationProtocol())) {
                handOver((Channel) done.getNow(), tls);
            }
        });
        return tls;
    }

    private void handOver(Channel channel, SslHandler tls) {
        ChannelPipeline pipeline = channel.pipeline();
        for (ChannelHandler other : othersThan(tls, pipeline)) {
            pipeline.remove(other);
        }
        handover.taker().ifPresentOrElse(taker -> taker.accept(channel), () -> {
            LOG.warnf("control.refused remoteAddress=%s nobody takes control channels", channel.remoteAddress());
            channel.close();
        });
    }

    private static List<ChannelHandler> othersThan(SslHandler tls, ChannelPipeline pipeline) {
        var others = new ArrayList<ChannelHandler>();
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() != tls) {
                others.add(entry.getValue());
            }
        }
        return others;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return current.get().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // the superclass demands it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current.get().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc) {
        return current.get().newEngine(alloc);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator alloc, String peerHost, int peerPort) {
        return current.get().newEngine(alloc, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current.get().sessionContext();
    }
}
