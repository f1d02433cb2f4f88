package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.postern.wsproxy.hub.Size;

/**
 * What a protocol can do: towards its client, and towards the console for it. On the socket's loop only. After a close
 * nothing is sent any more.
 */
public interface Client {
    /** A binary message. Takes ownership. Several in one turn of the loop may share a flush. */
    void send(ByteBuf message);

    /** A binary message that begins with a byte for its channel. Takes ownership. */
    void send(int channel, ByteBuf payload);

    /** Everything sent before goes out by itself, not together with what follows. */
    void flush();

    void send(String message);

    /** A WebSocket ping. */
    void ping();

    /** Ends it, behind everything sent before. */
    void close(int code, String reason);

    /** Runs later unless the socket has gone by then. */
    void later(long millis, Runnable task);

    /** Bytes typed. Takes ownership. */
    void input(ByteBuf bytes);

    /** Nothing more is typed. */
    void closeInput();

    void resize(Size size);

    /** Goes for good. */
    void leave();

    /** The client has seen all output before this position. */
    void acknowledge(long position);
}
