package io.postern.fabric.xgress;

import io.netty.buffer.ByteBuf;
import io.postern.wire.xgress.PayloadHeaders;

/** Who takes what an {@link XgressEngine} has received, in order. Must not call the engine's delivery again from within. */
public interface XgressReceiver {
    /** Whether it takes more data now. Asked before each body. */
    boolean ready();

    /** The next body; the receiver owns it. */
    void data(ByteBuf body, PayloadHeaders headers);

    /** The peer will send no more, while this side still may. An end of both directions is told by the engine alone. */
    void endOfData();
}
