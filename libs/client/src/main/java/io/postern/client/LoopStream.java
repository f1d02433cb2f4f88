package io.postern.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * A byte stream to the other end of a Circuit, without blocking. Confined to {@link #loop()}: every call happens there, and
 * every call back. Nothing is delivered before somebody receives.
 */
public interface LoopStream {
    EventLoop loop();

    /** Who gets the bytes from now on. */
    void receive(Receiver receiver);

    /** Takes ownership; leaves at once. On a stream that is closed the bytes are dropped. */
    void write(ByteBuf bytes);

    /** False while more than a bound waits to leave; {@link Receiver#writable} says when that is over. */
    boolean isWritable();

    /**
     * Stops reading; in the end the peer cannot write. Nothing is called back until {@link #resume} but {@link
     * Receiver#writable}. On a stream that shares its Channel this holds all that shares it.
     */
    void pause();

    void resume();

    /** Tells the peer that nothing more comes, and goes on reading. */
    void closeOutput();

    /** Ends both directions; nothing is called back any more. */
    void close();

    /** The circuit's id, by which routers and controller log; empty where the router did not tell. */
    String circuitId();

    /** What comes of a stream. At most one of {@link #ended} and {@link #broken} is the last call. */
    interface Receiver {
        /** Takes ownership. */
        void bytes(ByteBuf bytes);

        default void writable() {}

        /** The peer closed its output or the stream. */
        void ended();

        /** The way to the peer broke, or its bytes do not decrypt. */
        void broken(String why);
    }
}
