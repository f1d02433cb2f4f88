package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.testkit.TrustAny;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** Live consoles while the proxy gets a new certificate, and while it is told to stop. */
final class ConsoleStopCells {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHELLS = 6;
    private static final int CERTIFICATES = 5;
    /** Nothing else in the container is called so. */
    private static final String MARK = "sleep 47110";

    private final ConsoleNetwork console;
    private final Report report;

    ConsoleStopCells(ConsoleNetwork console, Report report) {
        this.console = console;
        this.report = report;
    }

    void run(String container) {
        report.cell("console/certificate", () -> certificate(container));
        report.cell("console/stop", () -> stop(container));
    }

    private ConsoleUser user(String name) {
        console.grant("#stops", "observe,attach,exec");
        return console.user(name, "stops");
    }

    /** Several changes under clients that never stop coming: each handshake succeeds, and soon shows the new one. */
    private String certificate(String container) throws IOException, InterruptedException {
        ConsoleUser user = user("certificate");
        try (ConsoleSocket shell = user.shell(container)) {
            int handshakes = 0;
            for (int change = 0; change < CERTIFICATES; change++) {
                BigInteger fresh = console.certify();
                long began = System.nanoTime();
                for (BigInteger seen = shown(); !seen.equals(fresh); seen = shown()) {
                    handshakes++;
                    if (System.nanoTime() - began > PATIENCE.toNanos()) {
                        throw new Failed("new connections are not shown the new certificate");
                    }
                }
            }
            shell.exchange("echo still$((1+1))\n", "still2");
            try (ConsoleSocket another = user.shell(container)) {
                another.exchange("echo new$((1+1))\n", "new2");
            }
            return CERTIFICATES + " changes under " + handshakes
                    + " handshakes, none refused, the console of before goes on";
        }
    }

    /** Serial number of the certificate that a new connection is shown. */
    private BigInteger shown() throws IOException {
        try (SSLSocket socket = (SSLSocket) TrustAny.context()
                .getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), console.address().getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    /** Everybody is told why and that this session will not come back, no command outlives it, and the exit code is 0. */
    private String stop(String container) throws IOException, InterruptedException {
        ConsoleUser user = user("stop");
        List<ConsoleSocket> all = new ArrayList<>();
        try {
            for (int i = 0; i < SHELLS; i++) {
                ConsoleSocket shell = user.exec(container, i % 2 == 0, "sh");
                all.add(shell);
                shell.exchange("echo rea$((1+1))dy; " + MARK + "\n", "rea2dy");
            }
            all.add(user.attach(container, false));
            long began = System.nanoTime();
            console.proxy().terminate();
            for (ConsoleSocket each : all) {
                told(each);
            }
            int code = console.proxy().exitCode(PATIENCE);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            if (code != 0) {
                throw new Failed("exit code " + code);
            }
            if (console.engine().docker("top", container, "-eo", "pid,args").contains(MARK)) {
                throw new Failed("a command outlives the proxy");
            }
            return all.size() + " consoles told and ended, exit code 0 after " + millis + " ms";
        } finally {
            all.forEach(ConsoleSocket::close);
            console.proxy().close();
            console.startProxy();
        }
    }

    private static void told(ConsoleSocket socket) throws InterruptedException {
        JsonNode closing =
                socket.await("closing", message -> message.path("type").asText().equals("closing"));
        if (!closing.path("reason").asText().equals("draining")
                || closing.path("message").asText().isEmpty()
                || closing.path("resumable").asBoolean(true)) {
            throw new Failed("told " + closing);
        }
        int code = socket.awaitClosed();
        if (code != 1001) {
            throw new Failed("closed with " + code);
        }
    }
}
