package io.postern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the same bytes cost without an overlay: one nginx takes a plain connection and carries it over mutual TLS to a
 * second, which hands it on. The yardstick beside every figure of a run, since machines differ and are noisy.
 */
final class NginxPair implements AutoCloseable {
    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    private final List<Process> processes;
    final int port;

    private NginxPair(List<Process> processes, int port) {
        this.processes = processes;
        this.port = port;
    }

    /** Empty where nginx, its stream module or openssl is missing. */
    static Optional<NginxPair> start(Path folder, int targetPort) throws Exception {
        if (!isInstalled()) {
            return Optional.empty();
        }
        certificate(folder);
        int inner = freePort();
        int outer = freePort();
        var far = nginx(folder, "far", """
                server { listen 127.0.0.1:%d ssl; proxy_pass 127.0.0.1:%d; ssl_certificate %s/pair.pem;
                  ssl_certificate_key %s/pair.key; ssl_client_certificate %s/pair.pem; ssl_verify_client on; }
                """.formatted(inner, targetPort, folder, folder, folder));
        var near = nginx(folder, "near", """
                server { listen 127.0.0.1:%d; proxy_pass 127.0.0.1:%d; proxy_ssl on; proxy_ssl_certificate %s/pair.pem;
                  proxy_ssl_certificate_key %s/pair.key; }
                """.formatted(outer, inner, folder, folder));
        awaitPort("nginx", inner);
        awaitPort("nginx", outer);
        return Optional.of(new NginxPair(List.of(far, near), outer));
    }

    List<Long> pids() {
        return processes.stream().map(Process::pid).toList();
    }

    static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/sbin/nginx")) && Files.exists(MODULE);
    }

    /** @param server what its stream block holds */
    static Process nginx(Path folder, String name, String server) throws IOException {
        Path config = folder.resolve(name + ".conf");
        Files.writeString(config, """
                load_module %s; daemon off; master_process off; pid %s/%s.pid; error_log %s/%s.log;
                events { worker_connections 4096; }
                stream { access_log off; tcp_nodelay on; %s }
                """.formatted(MODULE, folder, name, folder, name, server));
        return new ProcessBuilder(
                        "/usr/sbin/nginx", "-e", folder.resolve(name + ".log").toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .start();
    }

    static void certificate(Path folder) throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=pair",
                        "-keyout",
                        folder + "/pair.key",
                        "-out",
                        folder + "/pair.pem")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!openssl.waitFor(20, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
            throw new IOException("openssl made no certificate for the nginx pair");
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void awaitPort(String program, int port) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + 30_000_000_000L; System.nanoTime() < end; Thread.sleep(20)) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException notYet) {
                // asked again
            }
        }
        throw new IOException(program + " did not listen on its port within half a minute");
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
