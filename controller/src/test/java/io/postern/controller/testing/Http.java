package io.postern.controller.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A stock-like HTTPS client: any server certificate, a client certificate if it has one. */
public final class Http {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final String base;
    private @Nullable String session;

    private Http(HttpClient client, String base) {
        this.client = client;
        this.base = base;
    }

    /** One answer, its body read as JSON where it is JSON. */
    public record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError(response.statusCode() + " " + response.body(), e);
            }
        }

        public JsonNode data() {
            return json().path("data");
        }

        public String errorCode() {
            return json().path("error").path("code").asText();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    public static Http anonymous(int port) {
        return of(port, null, List.of());
    }

    public static Http of(int port, @Nullable PrivateKey key, List<X509Certificate> chain) {
        try {
            var tls = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = null;
            if (key != null) {
                var store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("client", key, new char[0], chain.toArray(Certificate[]::new));
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, new char[0]);
            }
            tls.init(
                    keys == null ? null : keys.getKeyManagers(),
                    InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                    null);
            var http = HttpClient.newBuilder()
                    .sslContext(tls)
                    .connectTimeout(Duration.ofSeconds(60))
                    .build();
            return new Http(http, "https://localhost:" + port);
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends this token with every call from now on. */
    public Http session(@Nullable String token) {
        session = token;
        return this;
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    public Answer post(String path, String json, String... headers) {
        return send(
                "POST", path, json, headers.length == 0 ? new String[] {"Content-Type", "application/json"} : headers);
    }

    public Answer send(String method, String path, @Nullable String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (session != null) {
            request.header("zt-session", session);
        }
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            return new Answer(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
