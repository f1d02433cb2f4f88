package io.postern.controller.channel;

import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import org.jspecify.annotations.Nullable;

/**
 * A message of a router, read, with what a reply to it has to carry.
 *
 * @param arrivedNanos {@link System#nanoTime} on arrival at the controller
 */
public record Incoming<T>(
        RouterConnection from, T message, int sequence, byte @Nullable [] reflected, long arrivedNanos) {

    static <T> Incoming<T> of(RouterConnection from, Frame frame, T message) {
        return new Incoming<>(from, message, frame.sequence(), frame.bytes(Header.REFLECTED), System.nanoTime());
    }

    public String routerId() {
        return from.routerId();
    }

    /** A frame that answers this message. */
    public FrameBuilder reply(int contentType) {
        FrameBuilder reply = FrameBuilder.of(contentType).i32(Header.REPLY_FOR, sequence);
        return reflected == null ? reply : reply.bytes(Header.REFLECTED, reflected);
    }

    /** Answers with the plain yes or no of the channel layer. */
    public void result(boolean success, String text) {
        from.send(reply(io.postern.wire.ContentType.RESULT)
                .bool(Header.RESULT_SUCCESS, success)
                .body(text));
    }
}
