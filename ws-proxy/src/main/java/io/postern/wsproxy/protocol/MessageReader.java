package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts messages together from frames, within a bound. */
final class MessageReader {
    private final int longest;
    private @Nullable CompositeByteBuf parts;
    private boolean text;

    /** What a frame completes. */
    sealed interface Read {
        /** Who takes it releases it. */
        record Binary(ByteBuf bytes) implements Read {}

        record Text(String text) implements Read {}

        /** More frames belong to it. */
        record Part() implements Read {}

        record TooLong() implements Read {}

        /** A text that is no UTF-8. */
        record NoText() implements Read {}
    }

    MessageReader(int longest) {
        this.longest = longest;
    }

    /** @param bytes taken over */
    Read frame(ByteBuf bytes, boolean isText, boolean first, boolean last) {
        if (first) {
            drop();
            text = isText;
        }
        int before = parts == null ? 0 : parts.readableBytes();
        if (before + bytes.readableBytes() > longest) {
            bytes.release();
            drop();
            return new Read.TooLong();
        }
        if (last && parts == null) {
            return whole(bytes);
        }
        if (parts == null) {
            parts = Unpooled.compositeBuffer();
        }
        if (bytes.isReadable() || last) {
            parts.addComponent(true, bytes);
        } else {
            bytes.release();
        }
        if (parts.numComponents() > 1024) {
            drop();
            return new Read.TooLong();
        }
        if (!last) {
            return new Read.Part();
        }
        ByteBuf all = parts;
        parts = null;
        return whole(all);
    }

    private Read whole(ByteBuf bytes) {
        if (!text) {
            return new Read.Binary(bytes);
        }
        try {
            return ByteBufUtil.isText(bytes, StandardCharsets.UTF_8)
                    ? new Read.Text(bytes.toString(StandardCharsets.UTF_8))
                    : new Read.NoText();
        } finally {
            bytes.release();
        }
    }

    void drop() {
        if (parts != null) {
            parts.release();
            parts = null;
        }
    }
}
