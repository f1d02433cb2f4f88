package io.postern.fabric.xgress;

import io.netty.buffer.ByteBuf;
import io.postern.wire.xgress.PayloadHeaders;
import org.jspecify.annotations.Nullable;

/** One payload from its offer to its acknowledgement. Linked in order of transmission while in flight. */
final class Outgoing {
    final ByteBuf body;
    final int size;
    final PayloadHeaders headers;
    /** End of input, whose flag is chosen when it is sent. */
    final boolean end;

    int flags;
    long sequence = -1;
    long sentAt;
    long order;
    int transmissions;
    boolean inFlight;
    boolean acknowledged;

    @Nullable
    Outgoing before;

    @Nullable
    Outgoing after;

    Outgoing(ByteBuf body, PayloadHeaders headers, int flags, boolean end) {
        this.body = body;
        this.size = body.readableBytes();
        this.headers = headers;
        this.flags = flags;
        this.end = end;
    }
}
