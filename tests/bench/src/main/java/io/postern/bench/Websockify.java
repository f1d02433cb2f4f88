package io.postern.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** websockify in front of the engine's socket, without TLS or any question: the engine's own stream in WebSocket messages. */
final class Websockify implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/websockify");

    private final Process process;
    private final int port;
    private final Path socket;
    private final String container;

    private Websockify(Process process, int port, Path socket, String container) {
        this.process = process;
        this.port = port;
        this.socket = socket;
        this.container = container;
    }

    /** Empty where it is not installed. */
    static Optional<Websockify> start(Path socket, String container) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            return Optional.empty();
        }
        int port = NginxPair.freePort();
        Process process = new ProcessBuilder(PROGRAM.toString(), "--unix-target=" + socket, "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Websockify started = new Websockify(process, port, socket, container);
        try {
            NginxPair.awaitPort("websockify", port);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return Optional.of(started);
    }

    Way open(boolean tty, String script) throws IOException {
        String id = RawExec.create(socket, container, tty, script);
        WsClient client = new WsClient(URI.create("ws://127.0.0.1:" + port + "/"), "binary", List.of());
        client.binary(RawExec.startRequest(id, tty));
        RawExec.Head head = new RawExec.Head();
        StdcopyCount count = new StdcopyCount(tty);
        return new Way() {
            @Override
            public int read() throws IOException {
                @Nullable ByteBuffer part = client.part();
                if (part == null) {
                    return -1;
                }
                if (!head.isWhole()) {
                    head.feed(part);
                }
                return count.payload(part);
            }

            @Override
            public void write(byte one) throws IOException {
                client.binary(new byte[] {one});
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
