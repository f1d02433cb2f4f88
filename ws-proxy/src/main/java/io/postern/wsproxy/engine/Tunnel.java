package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;

/**
 * A stream that an engine handed over: raw bytes of a process from here on. Belongs to whom it was given.
 *
 * @param first bytes that came with the answer, owned by the holder; the stream is paused behind them
 */
public record Tunnel(HostStream stream, ByteBuf first) {
    /** Nobody wants it. */
    public void drop() {
        first.release();
        if (stream.loop().inEventLoop()) {
            stream.close();
        } else {
            stream.loop().execute(stream::close);
        }
    }
}
