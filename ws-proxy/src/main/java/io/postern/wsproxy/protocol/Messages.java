package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.hub.Viewer.Stream;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes few messages of much output: as large as they may be, of one stream each. On the socket's loop only. */
final class Messages {
    private final BiConsumer<Stream, ByteBuf> sink;
    private @Nullable ByteBuf gathered;
    private Stream from = Stream.OUT;

    /** @param sink gets what fits into one message, and owns it */
    Messages(BiConsumer<Stream, ByteBuf> sink) {
        this.sink = sink;
    }

    /** Takes ownership. */
    void add(Stream stream, ByteBuf bytes) {
        if (stream != from) {
            emit();
            from = stream;
        }
        for (int room = room(); bytes.readableBytes() > room; room = room()) {
            gather(bytes.readRetainedSlice(room));
            emit();
        }
        gather(bytes);
    }

    private int room() {
        return Protocol.PAYLOAD - (gathered == null ? 0 : gathered.readableBytes());
    }

    private void gather(ByteBuf bytes) {
        ByteBuf before = gathered;
        if (before == null) {
            gathered = bytes;
        } else if (before instanceof CompositeByteBuf several) {
            several.addComponent(true, bytes);
        } else {
            gathered = Unpooled.compositeBuffer(64).addComponent(true, before).addComponent(true, bytes);
        }
    }

    /** What was gathered is a message. */
    void emit() {
        ByteBuf all = gathered;
        if (all != null) {
            gathered = null;
            sink.accept(from, all);
        }
    }

    void drop() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
