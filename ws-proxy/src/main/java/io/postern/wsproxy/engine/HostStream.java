package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * A byte stream to a host's engine, confined to {@link #loop()}: every call happens there, and every call back. Begins
 * paused, until somebody receives.
 */
public interface HostStream {
    EventLoop loop();

    /** Who gets the bytes from now on; takes the place of an earlier one, and reading goes on. */
    void receive(Receiver receiver);

    /** Takes ownership; leaves at once. On a stream that is closed the bytes are dropped. */
    void write(ByteBuf bytes);

    /** False while more than a bound waits to leave; {@link Receiver#writable} says when that is over. */
    boolean isWritable();

    /** Stops reading, so that in the end the engine's writer blocks. Nothing is called back until {@link #resume}. */
    void pause();

    void resume();

    /** Half-close: nothing more is written, reading goes on. */
    void closeOutput();

    /** Ends both directions; nothing is called back any more. */
    void close();

    /** What comes of a stream. Exactly one of {@link #ended} and {@link #broken} is the last call. */
    interface Receiver {
        /** Takes ownership. */
        void bytes(ByteBuf bytes);

        default void writable() {}

        /** The engine closed its side; what was written to it may still arrive. */
        void ended();

        /** The way to the engine broke. */
        void broken(String why);
    }
}
