package io.postern.bench;

import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.testkit.TestEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An engine that listens with TLS of its own, as one for remote clients does: its stream as such a client reads it. Between
 * this one and a console's client lies what a proxy costs; between the engine's unix socket and a client lies TLS as well.
 */
final class TlsEngine implements AutoCloseable {
    private final TestEngine engine;
    private final String container;
    private final URI address;

    private TlsEngine(TestEngine engine, URI address) {
        this.engine = engine;
        this.address = address;
        this.container = engine.container(List.of(), "sleep", "100000");
    }

    static TlsEngine start(Path work) throws IOException {
        Instant now = Instant.now();
        KeyPair keys = Keys.ec256();
        var leaf = Authority.root(Keys.ec256(), "bench", now)
                .issue(
                        keys.getPublic(),
                        "localhost",
                        List.of(new San.Dns("localhost")),
                        Authority.Usage.SERVER,
                        now,
                        Duration.ofDays(1));
        Path certificate = Files.writeString(work.resolve("engine.pem"), Certificates.toPem(leaf));
        Path key = Files.writeString(work.resolve("engine.key"), Keys.toPem(keys.getPrivate()));
        int port = NginxPair.freePort();
        TestEngine engine = TestEngine.start(
                List.of("-H", "tcp://127.0.0.1:" + port, "--tls", "--tlscert=" + certificate, "--tlskey=" + key));
        return new TlsEngine(engine, URI.create("https://127.0.0.1:" + port));
    }

    Way open(boolean tty, String script) throws IOException {
        String id = RawExec.create(engine.socket(), container, tty, script);
        Socket socket = WsClient.connect(address);
        InputStream in = socket.getInputStream();
        socket.getOutputStream().write(RawExec.startRequest(id, tty));
        RawExec.Head head = new RawExec.Head();
        while (!head.isWhole()) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the engine hung up");
            }
            head.feed(ByteBuffer.wrap(new byte[] {(byte) next}));
        }
        byte[] buffer = new byte[128 * 1024];
        return new Way() {
            @Override
            public int read() throws IOException {
                return in.read(buffer);
            }

            @Override
            public void write(byte one) throws IOException {
                socket.getOutputStream().write(one);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    @Override
    public void close() {
        engine.close();
    }
}
