package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.postern.wsproxy.hub.Seat;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/** What a client types, on its way to its seat; the socket is not read while too much of it waits. On the socket's loop only. */
final class Typing {
    /** Typed ahead at most before the socket is not read any more, where a protocol mixes input with acknowledgements. */
    private static final int PASTE = 1024 * 1024;

    private final ServerWebSocket socket;
    private final EventExecutor loop;
    private final int window;
    private final Runnable caughtUp;
    private final Pasted pasted = new Pasted();
    private @Nullable Seat seat;
    private boolean waits;

    /** @param window of the protocol; 0 where it acknowledges nothing @param caughtUp when the socket is read again */
    Typing(ServerWebSocket socket, EventExecutor loop, int window, Runnable caughtUp) {
        this.socket = socket;
        this.loop = loop;
        this.window = window;
        this.caughtUp = caughtUp;
    }

    void begin(Seat at) {
        seat = at;
    }

    /** Does the console take nothing more now? */
    boolean waits() {
        return waits;
    }

    /** Takes ownership. */
    void add(ByteBuf bytes) {
        Seat mine = seat;
        if (mine == null || pasted.isEnded()) {
            bytes.release();
        } else if (waits) {
            pasted.add(bytes);
            if (pasted.bytes() > (window > 0 ? PASTE : 0)) {
                socket.pause();
            }
        } else {
            type(mine, bytes);
        }
    }

    private void type(Seat mine, ByteBuf bytes) {
        if (!mine.input(bytes, () -> loop.execute(this::taken))) {
            waits = true;
            if (window == 0) {
                socket.pause();
            }
        }
    }

    private void taken() {
        Seat mine = seat;
        waits = false;
        if (mine == null) {
            return;
        }
        while (!waits && !pasted.isEmpty()) {
            type(mine, pasted.next());
        }
        if (!waits) {
            if (pasted.isEnded()) {
                mine.closeInput();
            }
            caughtUp.run();
            socket.resume();
        }
    }

    /** Nothing more is typed. */
    void end() {
        Seat mine = seat;
        if (mine == null || pasted.isEnded()) {
            return;
        }
        pasted.end();
        if (!waits) {
            mine.closeInput();
        }
    }

    /** The client has gone. */
    void stop() {
        seat = null;
        pasted.drop();
    }
}
