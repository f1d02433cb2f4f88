package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;

/** A client's place at a console: what it may tell the hub. Any thread; after the end every call does nothing. */
public interface Seat {
    /**
     * Bytes typed. Takes ownership; dropped for observers.
     *
     * @return false when the client should not be read any further until {@code whenTaken} runs, on any thread
     */
    boolean input(ByteBuf bytes, Runnable whenTaken);

    /** Half-close: nothing more is typed. */
    void closeInput();

    /** The client's terminal has this size now. */
    void resize(Size size);

    /** The viewer is writable again. */
    void writable();

    /** Goes for good: an exec of mine is ended, an attach goes on without me. */
    void leave();

    /** The connection broke: the place is kept for the grace period. */
    void lost();
}
