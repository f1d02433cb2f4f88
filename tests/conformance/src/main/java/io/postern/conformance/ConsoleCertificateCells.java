package io.postern.conformance;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Live consoles while the proxy gets a new certificate. */
final class ConsoleCertificateCells {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConsoleNetwork console;
    private final Report report;

    ConsoleCertificateCells(ConsoleNetwork console, Report report) {
        this.console = console;
        this.report = report;
    }

    void run(String container) {
        report.cell("console/certificate", () -> certificate(container));
    }

    private ConsoleUser user(String name) {
        console.grant("#stops", "observe,attach,exec");
        return console.user(name, "stops");
    }

    private String certificate(String container) throws IOException, InterruptedException {
        ConsoleUser user = user("certificate");
        try (ConsoleSocket shell = user.shell(container)) {
            BigInteger before = shown();
            BigInteger fresh = console.certify();
            if (fresh.equals(before)) {
                throw new Failed("both certificates have the serial number " + before);
            }
            long began = System.nanoTime();
            while (!shown().equals(fresh)) {
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new Failed("new connections are not shown the new certificate");
                }
                Thread.sleep(200);
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            shell.exchange("echo still$((1+1))\n", "still2");
            try (ConsoleSocket another = user.shell(container)) {
                another.exchange("echo new$((1+1))\n", "new2");
            }
            return "shown to new connections after " + millis + " ms, the console of before goes on";
        }
    }

    /** Serial number of the certificate that a new connection is shown. */
    private BigInteger shown() throws IOException {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {new TrustAny()}, null);
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket(
                            InetAddress.getLoopbackAddress(), console.address().getPort())) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.startHandshake();
                return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
