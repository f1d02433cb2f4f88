package io.postern.router.circuit;

import io.netty.buffer.ByteBuf;
import io.postern.wire.xgress.PayloadHeaders;

/**
 * What an end of a Circuit hands to whoever sits behind it: an SDK Connection, a socket. Called on the end's loop only.
 *
 * <p>An SDK's FIN is data with {@link PayloadHeaders#fin()} and usually an empty body; {@link #endOfData} is the end of
 * the stream below it. Either may come first, or both, or only one: treat them alike, once.
 */
public interface XgressSink {
    /**
     * The next body in order; the sink owns it. It is exactly one body as offered at the other end. A sink that cannot
     * take more for now calls {@link XgressEnd#pause()}.
     */
    void data(ByteBuf body, PayloadHeaders headers);

    /**
     * The other side will send nothing more; this side may go on sending. Not called when that is over as well, because
     * the other side closed for good or this one had ended before: then {@link #closed} follows what was delivered.
     */
    void endOfData();

    /** The Circuit is over in both directions, for whatever reason; called once, and nothing after it. */
    void closed(String reason);

    /** More may be offered again, after an {@link XgressEnd#offer} that answered false. */
    void writable();
}
