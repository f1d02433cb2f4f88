package io.postern.wire.xgress;

import io.netty.util.AsciiString;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.MalformedFrame;

/** An SDK that is itself an end of the Circuit is told that the Circuit is gone. Content type 1103; the body is its id. */
public record XgressClose(AsciiString circuitId) implements XgressMessage {
    /**
     * Reads, and leaves the frame to the caller.
     *
     * @throws MalformedFrame without a body
     */
    public static XgressClose read(Frame frame) {
        if (frame.bodyLength() == 0) {
            throw new MalformedFrame("close without circuit id");
        }
        return new XgressClose(new AsciiString(frame.bodyBytes(), false));
    }

    @Override
    public FrameBuilder frame() {
        return FrameBuilder.of(ContentType.XG_CLOSE).body(circuitId.toByteArray());
    }
}
