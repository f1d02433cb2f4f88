package io.postern.transport;

import io.netty.channel.EventLoop;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * One TLS connection that speaks frames, after its hello. Everything it carries happens on {@link #loop()}; methods may be
 * called from any thread unless they say otherwise.
 */
public interface Channel {
    /** The connection id the acceptor gave (header 0); the log key {@code channelId}. */
    String id();

    /** For the dialer: header 8 of the hello answer, else the common name of the peer's leaf. For the acceptor: the hello's text. */
    String peerId();

    /** As presented, leaf first. Only the leaf is an identity. Empty when the peer presented none. */
    List<X509Certificate> peerChain();

    InetSocketAddress remoteAddress();

    InetSocketAddress localAddress();

    /** Headers of the peer's hello, or of its answer to ours. */
    Map<Integer, byte[]> peerHello();

    EventLoop loop();

    /** Numbers and queues the frame in order of calls; takes its body. On a closed channel it is released. */
    void send(FrameBuilder frame);

    /** Sends a received frame on as it is, renumbered in place; takes ownership. */
    void forward(Frame frame);

    /**
     * Sends and awaits the reply that names this frame's sequence; the caller releases it. Completes on the loop, or with
     * {@link ChannelClosed} or {@link RequestTimeout}.
     */
    CompletionStage<Frame> request(FrameBuilder frame, Duration timeout);

    /** False while more bytes wait than the high water mark; {@link ChannelHandler#writable} says when that changes. */
    boolean isWritable();

    /** Bytes that wait to be written, by whatever thread they were handed over. */
    long pendingBytes();

    /** Frames already received are held back as well. A peer that is not read does not count as silent. */
    void pauseReading();

    void resumeReading();

    boolean isOpen();

    /** How long the peer has left heartbeats unanswered; zero without heartbeats. On the loop. */
    Duration unanswered();

    /** How long nothing came from the peer while it was read. On the loop. */
    Duration silence();

    /** Sends what is queued, then closes. The reason is for our log, peers never see it. */
    void close(String reason);
}
