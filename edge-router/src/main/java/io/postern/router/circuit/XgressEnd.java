package io.postern.router.circuit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.postern.wire.xgress.PayloadHeaders;

/**
 * One end of a Circuit on this router, as seen by whoever sits behind it. Methods may be called from any thread; called
 * on the end's own loop they take effect at once, else in call order on it. After the end all of them do nothing.
 */
public interface XgressEnd {
    String circuitId();

    /** Address of this end in the forwarding table. */
    String address();

    EventLoop loop();

    /**
     * Sends one body, as one payload, never split or merged. Takes the body in every case.
     *
     * @return false when the body was accepted but the offerer shall stop until {@link XgressSink#writable()}
     */
    boolean offer(ByteBuf body, PayloadHeaders headers);

    /**
     * Nothing more will be offered; what was offered still arrives. An SDK's FIN is not this: offer it as data with its
     * flags, as stock routers do, and call this or {@link #close} only when the SDK cannot send any more at all.
     */
    void endOfInput();

    /** No more {@link XgressSink#data} until {@link #resume()}; the other end is slowed down by its window. */
    void pause();

    void resume();

    /** Ends both directions; what was offered before still arrives. {@link XgressSink#closed} follows. */
    void close();
}
