package io.postern.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one thread writes another one reads, at most a mebibyte behind. A writer's failure fails the reader. */
final class Hose extends InputStream {
    private static final byte[] END = new byte[0];
    private static final int PIECE = 64 * 1024;

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(16);
    private byte[] piece = new byte[0];
    private int at;
    private boolean ended;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    /** What writes. */
    interface Writing {
        void into(OutputStream end) throws IOException;
    }

    /** Runs the writer to its end; its failure is the reader's. */
    void fill(Writing writing) {
        try {
            OutputStream end = end();
            writing.into(end);
            end.close();
        } catch (IOException e) {
            failure = e;
        } finally {
            try {
                put(END);
            } catch (IOException e) {
                closed = true; // and nobody asks
            }
        }
    }

    private OutputStream end() {
        return new OutputStream() {
            private final byte[] buffer = new byte[PIECE];
            private int filled;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                int from = offset;
                int left = length;
                while (left > 0) {
                    int n = Math.min(left, PIECE - filled);
                    System.arraycopy(bytes, from, buffer, filled, n);
                    filled += n;
                    from += n;
                    left -= n;
                    if (filled == PIECE) {
                        hand();
                    }
                }
            }

            private void hand() throws IOException {
                if (filled > 0) {
                    put(Arrays.copyOf(buffer, filled));
                    filled = 0;
                }
            }

            @Override
            public void close() throws IOException {
                hand();
            }
        };
    }

    private void put(byte[] bytes) throws IOException {
        try {
            while (!pieces.offer(bytes, 1, TimeUnit.SECONDS)) {
                if (closed) {
                    throw new IOException("nobody reads any more");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (at == piece.length) {
            if (!ended) {
                try {
                    piece = pieces.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException();
                }
                at = 0;
                ended = piece == END;
            }
            if (ended) {
                IOException why = failure;
                if (why != null) {
                    throw why;
                }
                return -1;
            }
        }
        int n = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public void close() {
        closed = true;
    }
}
