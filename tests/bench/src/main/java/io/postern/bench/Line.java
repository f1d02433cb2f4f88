package io.postern.bench;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * A blocking connection that costs as little as can be, for what it takes of the machine is missing to what is measured: direct
 * buffers, BoringSSL, every certificate believed. One thread at a time.
 */
interface Line extends AutoCloseable {
    /** @param into direct @return how many bytes came, none perhaps; -1 at the end */
    int read(ByteBuffer into) throws IOException;

    /** Writes all. */
    void write(ByteBuffer bytes) throws IOException;

    @Override
    void close() throws IOException;

    static Line plain(SocketAddress address) throws IOException {
        return new Plain(connected(address));
    }

    static Line tls(InetSocketAddress address) throws IOException {
        return new Tls(connected(address));
    }

    private static SocketChannel connected(SocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        if (address instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        return channel;
    }

    /** A socket as it is. */
    record Plain(SocketChannel channel) implements Line {
        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** TLS over one. */
    final class Tls implements Line {
        /** More than a record takes. */
        private static final int RECORD = 17 * 1024;

        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
        private static final SslContext CONTEXT = context();

        private final SocketChannel channel;
        private final SSLEngine engine;
        /** What came and is not decrypted, ready to be read. */
        private final ByteBuffer in = ByteBuffer.allocateDirect(8 * RECORD).flip();

        /** Decrypted for a reader that takes less than a record. */
        private final ByteBuffer spare = ByteBuffer.allocateDirect(RECORD).flip();

        private final ByteBuffer out = ByteBuffer.allocateDirect(2 * RECORD);

        private Tls(SocketChannel channel) throws IOException {
            this.channel = channel;
            engine = CONTEXT.newEngine(ByteBufAllocator.DEFAULT);
            shakeHands();
        }

        private static SslContext context() {
            try {
                return SslContextBuilder.forClient()
                        .sslProvider(SslProvider.OPENSSL)
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void shakeHands() throws IOException {
            ByteBuffer none = ByteBuffer.allocateDirect(RECORD);
            engine.beginHandshake();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_WRAP -> wrap(NOTHING.duplicate());
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_UNWRAP -> {
                        SSLEngineResult result = engine.unwrap(in, none);
                        boolean dry = result.getStatus() == Status.BUFFER_UNDERFLOW
                                && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
                        if (result.getStatus() == Status.CLOSED || dry && !fill()) {
                            throw new IOException("hung up in the handshake");
                        }
                    }
                    default -> {
                        return;
                    }
                }
            }
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (!spare.hasRemaining()) {
                if (into.remaining() >= RECORD) {
                    return decrypt(into);
                }
                int some = decrypt(spare.clear());
                spare.flip();
                if (some < 0) {
                    return -1;
                }
            }
            int some = Math.min(spare.remaining(), into.remaining());
            into.put(spare.slice(spare.position(), some));
            spare.position(spare.position() + some);
            return some;
        }

        /** Whole records, as the engine gives nothing less. */
        private int decrypt(ByteBuffer into) throws IOException {
            int before = into.position();
            while (true) {
                Status status = engine.unwrap(in, into).getStatus();
                int some = into.position() - before;
                if (status != Status.OK && some > 0) {
                    return some;
                }
                if (status == Status.CLOSED || status == Status.BUFFER_UNDERFLOW && !fill()) {
                    return -1;
                }
            }
        }

        private boolean fill() throws IOException {
            in.compact();
            int some = channel.read(in);
            in.flip();
            return some >= 0;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                wrap(bytes);
            }
        }

        private void wrap(ByteBuffer bytes) throws IOException {
            engine.wrap(bytes, out.clear());
            for (out.flip(); out.hasRemaining(); ) {
                channel.write(out);
            }
        }

        @Override
        public void close() throws IOException {
            ReferenceCountUtil.release(engine);
            channel.close();
        }
    }
}
