package io.postern.transport;

import io.postern.wire.FrameBuilder;
import java.util.function.Consumer;
import java.util.function.Function;

/** The answer to a hello. */
public sealed interface HelloAnswer {
    /**
     * @param headers adds to the answer, which already carries success and the connection id; version (4) and own id (8)
     *     are added here
     * @param opened called on the loop once the answer is queued and before any frame of the peer; may send at once
     */
    record Accept(Consumer<FrameBuilder> headers, Function<Channel, ChannelHandler> opened, ChannelOptions options)
            implements HelloAnswer {}

    /** The text is shown to the peer. Class 0 unspecified, 1 busy, 2 not permitted. */
    record Reject(String text, int rejectClass) implements HelloAnswer {
        public static final int UNSPECIFIED = 0;
        public static final int BUSY = 1;
        public static final int NOT_PERMITTED = 2;
        /** Our own: the answer comes from another controller than the one that was wanted. */
        public static final int ANOTHER_CONTROLLER = 16;
    }
}
