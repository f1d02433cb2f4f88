package io.postern.wsproxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSsl;
import io.postern.testkit.TrustAny;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that change under a server to which clients never stop coming. */
class PresentKeyTest {
    private static final int CHANGES = 6;
    private static final int HANDSHAKES_EACH = 5;

    private final Vertx vertx = Vertx.vertx();
    private final PresentKey present = new PresentKey();
    private final Set<BigInteger> shown = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> refused = new ConcurrentLinkedQueue<>();
    private final AtomicLong handshakes = new AtomicLong();
    private volatile boolean over;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk TLSv1.3", "openssl TLSv1.3", "openssl TLSv1.2"})
    void noClientIsRefusedAtAChange(String how) throws Exception {
        boolean jdk = how.startsWith("jdk");
        Assumptions.assumeTrue(jdk || OpenSsl.isAvailable(), "no BoringSSL for this machine");
        String version = how.substring(how.indexOf(' ') + 1);
        BigInteger last = change();
        HttpServer server = vertx.createHttpServer(HttpOptions.bound(new HttpServerOptions()
                        .setSsl(true)
                        .setSslEngineOptions(jdk ? new JdkSSLEngineOptions() : new OpenSSLEngineOptions())
                        .setKeyCertOptions(KeyCertOptions.wrap(present))))
                .requestHandler(request -> request.response().end());
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .actualPort();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            clients.add(Thread.ofPlatform().start(() -> keepComing(port, version)));
        }
        List<BigInteger> made = new ArrayList<>(List.of(last));
        try {
            for (int i = 0; i < CHANGES; i++) {
                last = change();
                made.add(last);
                long until = handshakes.get() + HANDSHAKES_EACH;
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> handshakes.get() >= until || !refused.isEmpty());
            }
        } finally {
            over = true;
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(refused).isEmpty();
        assertThat(shown).isSubsetOf(made).hasSizeGreaterThan(1);
        assertThat(handshake(port, version)).isEqualTo(last);
    }

    private BigInteger change() {
        ServerCertificate next = ServerCertificate.selfMade(List.of("localhost"), Instant.now());
        present.show(next);
        return next.chain().getFirst().getSerialNumber();
    }

    private void keepComing(int port, String version) {
        while (!over) {
            try {
                shown.add(handshake(port, version));
                handshakes.incrementAndGet();
            } catch (IOException e) {
                refused.add(e);
                return;
            }
        }
    }

    /** A handshake that resumes nothing. @return the serial number that it was shown */
    private static BigInteger handshake(int port, String version) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                TrustAny.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }
}
