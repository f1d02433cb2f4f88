package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Bounded HTTPS calls of one peer. Blocks; any thread, virtual ones welcome. */
final class Http implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    /** A page of 500 services with their configs is far below. */
    private static final int LONGEST = 32 * 1024 * 1024;

    private final HttpClient client;
    private final Duration timeout;

    /** The HTTP client's work is done by threads of the platform: up to JDK 23 callers may hold all carriers while they wait. */
    Http(SSLContext tls, Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1) // one call at a time gains nothing by HTTP/2, and starts later
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** What came back, whatever its status. */
    record Answer(int status, String body) {
        /** The body as JSON, or missing where it is something else. */
        JsonNode json() {
            try {
                JsonNode tree = JSON.readTree(body);
                return tree == null ? MissingNode.getInstance() : tree;
            } catch (IOException e) {
                return MissingNode.getInstance();
            }
        }

        /** The body of a success. */
        String ok() throws ApiRefusal {
            if (status / 100 != 2) {
                throw ApiRefusal.of(status, json());
            }
            return body;
        }
    }

    Answer call(String method, URI address, @Nullable String body, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] bytes = in.readNBytes(LONGEST + 1);
                if (bytes.length > LONGEST) {
                    throw new IOException("answer of the controller exceeds " + LONGEST + " bytes");
                }
                return new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the controller");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
