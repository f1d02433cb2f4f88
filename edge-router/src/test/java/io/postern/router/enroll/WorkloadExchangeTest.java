package io.postern.router.enroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkloadExchangeTest {
    @TempDir
    Path folder;

    private final Authority authority = Authority.root(Keys.ec256(), "test root", Instant.now());
    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable HttpsServer server;
    private Path ca;

    @BeforeEach
    void writeAuthority() throws IOException {
        ca = Files.writeString(folder.resolve("ca.pem"), Certificates.toPem(authority.chain()));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void answer(int port, int status, String body) throws Exception {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = authority.issue(
                keys.getPublic(),
                "controller",
                List.of(new San.Dns("localhost")),
                Authority.Usage.SERVER,
                Instant.now(),
                Duration.ofDays(1));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("controller", keys.getPrivate(), new char[0], new X509Certificate[] {leaf});
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/edge/client/v1/enroll/workload", exchange -> {
            try (exchange) {
                asked.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private WorkloadExchange exchange(int port, Duration patience) {
        return new WorkloadExchange(URI.create("https://localhost:" + port), ca, patience);
    }

    @Test
    void aControllerThatComesLateIsWaitedFor() throws Exception {
        int port = freePort();
        var jwt = CompletableFuture.supplyAsync(() -> {
            try {
                return exchange(port, Duration.ofMinutes(5)).exchange("a token");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThatThrownBy(() -> jwt.get(1500, TimeUnit.MILLISECONDS))
                .as("nobody answers yet")
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        answer(port, 200, "{\"data\":{\"jwt\":\"one-time\"}}");
        assertThat(jwt.get(30, TimeUnit.SECONDS)).isEqualTo("one-time");
    }

    @Test
    void aRefusalEndsTheWaiting() throws Exception {
        int port = freePort();
        answer(port, 401, "{\"error\":{\"code\":\"INVALID_AUTHENTICATION\",\"message\":\"not yours\"}}");
        assertThatThrownBy(() -> exchange(port, Duration.ofHours(1)).exchange("a secret token"))
                .isInstanceOf(WorkloadExchange.Failed.class)
                .hasMessageContaining("gives no enrollment token")
                .hasMessageNotContaining("secret");
        assertThat(asked).hasValue(1);
    }

    @Test
    void patienceEnds() throws Exception {
        int port = freePort();
        assertThatThrownBy(() -> exchange(port, Duration.ZERO).exchange("a token"))
                .isInstanceOf(WorkloadExchange.Failed.class)
                .hasMessageContaining("https://localhost:" + port);
    }
}
