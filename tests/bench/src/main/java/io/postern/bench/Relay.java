package io.postern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The least that any proxy between an engine's socket and a client costs on this machine: nginx passes the bytes on unseen, over
 * plain TCP on one port and over TLS on the other. The client reads them without WebSocket.
 */
final class Relay implements AutoCloseable {
    private final Process process;
    private final int plain;
    private final int tls;
    private final Path socket;
    private final String container;

    private Relay(Process process, int plain, int tls, Path socket, String container) {
        this.process = process;
        this.plain = plain;
        this.tls = tls;
        this.socket = socket;
        this.container = container;
    }

    /** Empty where nginx or its stream module is missing. */
    static Optional<Relay> start(Path folder, Path socket, String container) throws Exception {
        if (!NginxPair.isInstalled()) {
            return Optional.empty();
        }
        NginxPair.certificate(folder);
        int plain = NginxPair.freePort();
        int tls = NginxPair.freePort();
        Process process = NginxPair.nginx(folder, "relay", """
                proxy_buffer_size 64k;
                server { listen 127.0.0.1:%d; proxy_pass unix:%s; }
                server { listen 127.0.0.1:%d ssl; proxy_pass unix:%s; ssl_certificate %s/pair.pem;
                  ssl_certificate_key %s/pair.key; }
                """.formatted(plain, socket, tls, socket, folder, folder));
        Relay started = new Relay(process, plain, tls, socket, container);
        try {
            NginxPair.awaitPort("nginx", plain);
            NginxPair.awaitPort("nginx", tls);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return Optional.of(started);
    }

    List<Long> pids() {
        return List.of(process.pid());
    }

    Way open(boolean encrypted, boolean tty, String script) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), encrypted ? tls : plain);
        return RawExec.start(encrypted ? Line.tls(address) : Line.plain(address), socket, container, tty, script);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
