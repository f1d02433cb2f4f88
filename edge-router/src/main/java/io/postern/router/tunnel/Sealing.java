package io.postern.router.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.postern.client.crypto.BrokenStream;
import io.postern.client.crypto.KeyExchange;
import io.postern.client.crypto.SecretStream;
import org.jspecify.annotations.Nullable;

/**
 * End-to-end encryption of one connection, done here because the application behind the socket knows nothing of it. The
 * first body each way is the stream's header, each later one a record. Confined to the connection's loop. SDK sheet 5.9.
 */
final class Sealing {
    private final KeyExchange.Keys keys;
    private final SecretStream.Push push;
    private SecretStream.@Nullable Pull pull;
    private boolean headerSent;
    private byte[] scratch = new byte[0];

    Sealing(KeyExchange.Keys keys) {
        this.keys = keys;
        this.push = keys.push();
    }

    /** The header to send before the first record; null when it was taken already. */
    @Nullable
    ByteBuf takeHeader() {
        if (headerSent) {
            return null;
        }
        headerSent = true;
        return Unpooled.wrappedBuffer(push.header());
    }

    /** Takes the plain text. */
    ByteBuf seal(ByteBuf plain, ByteBufAllocator allocator) {
        try {
            int length = plain.readableBytes();
            byte[] in = scratch(length);
            plain.getBytes(plain.readerIndex(), in, 0, length);
            ByteBuf record = allocator.heapBuffer(length + SecretStream.OVERHEAD);
            int sealed = push.seal(
                    SecretStream.MESSAGE, in, 0, length, record.array(), record.arrayOffset() + record.writerIndex());
            return record.writerIndex(record.writerIndex() + sealed);
        } finally {
            plain.release();
        }
    }

    /** Takes the body; empty for the stream's header. */
    ByteBuf open(ByteBuf body, ByteBufAllocator allocator) throws BrokenStream {
        try {
            SecretStream.Pull stream = pull;
            if (stream == null) {
                if (body.readableBytes() < SecretStream.HEADER) {
                    throw new BrokenStream("stream begins without its header");
                }
                byte[] header = new byte[SecretStream.HEADER];
                body.readBytes(header);
                stream = keys.pull(header);
                pull = stream;
            }
            if (!body.isReadable()) {
                return Unpooled.EMPTY_BUFFER;
            }
            return stream.open(body, allocator);
        } finally {
            body.release();
        }
    }

    private byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, 4096)];
        }
        return scratch;
    }
}
