package io.postern.cli.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.client.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real socket on one side, a connection made of pipes on the other. */
@Timeout(120)
class BridgeTest {
    private final Pipes overlay = new Pipes();
    private Socket user;
    private SocketChannel local;
    private Thread running;
    private Bridge bridge;

    @BeforeEach
    void join() throws IOException {
        try (ServerSocketChannel port = ServerSocketChannel.open()) {
            port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            user = new Socket(InetAddress.getLoopbackAddress(), port.socket().getLocalPort());
            local = port.accept();
        }
        bridge = new Bridge(local, overlay);
        running = Thread.ofVirtual().start(bridge::run);
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        user.close();
        overlay.close();
        running.join();
    }

    @Test
    void anEndIsPassedOnAndTheOtherDirectionGoesOn() throws Exception {
        user.getOutputStream().write("question".getBytes());
        user.shutdownOutput();
        assertThat(overlay.fromBridge.readAllBytes()).asString().isEqualTo("question");
        overlay.toBridge.write("answer".getBytes());
        overlay.toBridge.close();
        assertThat(user.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        assertThat(overlay.closed().toCompletableFuture()).isNotDone(); // the peer may still be reading
        overlay.over.complete(null);
        running.join();
        assertThat(bridge.sent()).isEqualTo(8);
        assertThat(bridge.received()).isEqualTo(6);
    }

    @Test
    void aPeerThatClosedForGoodEndsTheLocalSideToo() throws Exception {
        overlay.toBridge.close();
        assertThat(user.getInputStream().read()).isEqualTo(-1);
        assertThat(running.isAlive()).isTrue(); // only its output was closed so far
        overlay.over.complete(null);
        running.join(); // though the user's side has not ended
    }

    @Test
    void aBreakIsAResetAndNoEnd() throws Exception {
        overlay.breaking = true;
        overlay.toBridge.write(1);
        overlay.toBridge.close();
        assertThatThrownBy(() -> {
                    while (user.getInputStream().read() >= 0) {
                        // what came before the break
                    }
                })
                .isInstanceOf(IOException.class);
        running.join();
    }

    @Test
    void aReaderThatStopsStopsTheSender() throws Exception {
        byte[] much = new byte[64 * 1024 * 1024];
        new Random(1).nextBytes(much);
        CompletableFuture<Void> written = CompletableFuture.runAsync(
                () -> {
                    try {
                        user.getOutputStream().write(much);
                        user.shutdownOutput();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
        assertThat(overlay.fromBridge.readNBytes(16)).isEqualTo(java.util.Arrays.copyOf(much, 16));
        assertThat(written).isNotDone(); // sockets and pipes hold far less than that
        byte[] rest = overlay.fromBridge.readAllBytes();
        assertThat(rest).hasSize(much.length - 16);
        assertThat(java.util.Arrays.equals(much, 16, much.length, rest, 0, rest.length))
                .isTrue();
        written.join();
    }

    /** A connection whose other end is in the test's hands. */
    private static final class Pipes implements Connection {
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final PipedOutputStream toBridge = new PipedOutputStream();
        private final PipedInputStream fromBridge = new PipedInputStream(64 * 1024);
        private final PipedInputStream in;
        private final PipedOutputStream out;
        private volatile boolean breaking;

        Pipes() {
            try {
                in = new PipedInputStream(toBridge, 64 * 1024);
                out = new PipedOutputStream(fromBridge);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public InputStream input() {
            return new InputStream() {
                @Override
                public int read() {
                    throw new UnsupportedOperationException("read in pieces");
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int n = in.read(into, offset, length);
                    if (n < 0 && breaking) {
                        throw new IOException("broken");
                    }
                    return n;
                }
            };
        }

        @Override
        public OutputStream output() {
            return out;
        }

        @Override
        public void closeOutput() throws IOException {
            out.close();
        }

        @Override
        public void readTimeout(Duration timeout) {}

        @Override
        public void close() {
            over.complete(null);
            try {
                out.close();
                in.close();
                toBridge.close();
            } catch (IOException e) {
                // nobody is there any more
            }
        }

        @Override
        public boolean isOpen() {
            return !over.isDone();
        }

        @Override
        public CompletionStage<Void> closed() {
            return over;
        }

        @Override
        public String circuitId() {
            return "c";
        }

        @Override
        public String service() {
            return "s";
        }

        @Override
        public String router() {
            return "r";
        }

        @Override
        public String callerId() {
            return "me";
        }

        @Override
        public byte[] appData() {
            return new byte[0];
        }

        @Override
        public boolean isEncrypted() {
            return false;
        }
    }
}
