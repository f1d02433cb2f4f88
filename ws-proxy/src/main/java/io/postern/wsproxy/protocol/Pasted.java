package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** What was typed faster than it is taken, in order, the end of the input included. */
final class Pasted {
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private int bytes;
    private boolean end;

    void add(ByteBuf typed) {
        bytes += typed.readableBytes();
        waiting.add(typed);
    }

    void end() {
        end = true;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean isEnded() {
        return end;
    }

    int bytes() {
        return bytes;
    }

    /** The oldest; call only when there is one. */
    ByteBuf next() {
        ByteBuf next = waiting.remove();
        bytes -= next.readableBytes();
        return next;
    }

    void drop() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        bytes = 0;
    }
}
