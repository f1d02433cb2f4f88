package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.client.Tls;
import io.postern.pki.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Calls ws-proxy with the stored login: its token goes in a header, never in an address; the network's certificates are
 * trusted, and the identity's own certificate is shown where the login has one. Blocks; thread-safe. Refusals are
 * {@link Refused}, what did not get through is {@link IOException}.
 */
final class ProxyClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST = 16 * 1024 * 1024;
    static final String SUBPROTOCOL = "console.postern.v1";

    private final URI base;
    private final HttpClient http;
    private volatile Profile profile;

    private ProxyClient(URI base, Profile profile, SSLContext tls) {
        this.base = base;
        this.profile = profile;
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** With the stored login. */
    static ProxyClient open() throws IOException {
        Profile profile = Profile.read();
        Address where = Address.of(profile);
        IdentityFile identity = profile.identity() == null ? null : IdentityFile.read(profile.identity());
        return new ProxyClient(where.base(), profile, Tls.trusting(trust(profile), identity));
    }

    /** Something that is asked of ws-proxy. */
    @FunctionalInterface
    interface Work<T> {
        T with(ProxyClient proxy) throws IOException;
    }

    /** Works with the stored login; what ws-proxy refuses becomes a failure of the command. */
    static <T> T using(Work<T> work) throws IOException {
        try (ProxyClient proxy = open()) {
            return work.with(proxy);
        } catch (Refused e) {
            throw e.failure();
        }
    }

    /** With this one. */
    static ProxyClient of(URI base, Profile profile) {
        return new ProxyClient(base, profile, Tls.trusting(trust(profile), null));
    }

    /** The network's authority, and the one that was named for ws-proxy or else those that browsers trust, too. */
    private static List<X509Certificate> trust(Profile profile) {
        List<X509Certificate> all = new ArrayList<>(Certificates.parse(profile.ca()));
        if (profile.wsProxyCa() != null) {
            all.addAll(Certificates.parse(profile.wsProxyCa()));
            return all;
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager known) {
                    all.addAll(List.of(known.getAcceptedIssuers()));
                }
            }
        } catch (GeneralSecurityException e) {
            // This runtime knows no public authorities: the network's own is enough for most.
        }
        return all;
    }

    /** Where ws-proxy is. */
    private record Address(URI base) {
        static Address of(Profile profile) {
            String named = System.getenv("POSTERN_WS_PROXY");
            URI address = named == null || named.isBlank() ? profile.wsProxy() : URI.create(named.strip());
            if (address == null) {
                throw new Failure(
                        Failure.USAGE,
                        "Where is the network's ws-proxy? Give its address once, by 'postern login URL --ws-proxy"
                                + " https://host:port', or in POSTERN_WS_PROXY.");
            }
            if (!"https".equals(address.getScheme()) || address.getHost() == null) {
                throw new Failure(
                        Failure.USAGE, address + " is no address of a ws-proxy; it looks like https://host:port.");
            }
            return new Address(URI.create("https://" + address.getAuthority()));
        }
    }

    JsonNode get(String path) throws IOException {
        return Json.MAPPER.readTree(text("GET", path));
    }

    void delete(String path) throws IOException {
        text("DELETE", path);
    }

    /**
     * Asks for a ticket, which opens one console once, within a minute.
     *
     * @param what the body of {@code POST /v1/tickets}
     * @return path and query to open it by
     */
    String ticket(JsonNode what) throws IOException {
        byte[] body = Json.MAPPER.writeValueAsBytes(what);
        JsonNode made = Json.MAPPER.readTree(text("POST", "/v1/tickets", () -> BodyPublishers.ofByteArray(body)));
        URI url = URI.create(made.path("url").asText());
        return url.getRawPath() + "?" + url.getRawQuery();
    }

    private byte[] text(String method, String path) throws IOException {
        return text(method, path, BodyPublishers::noBody);
    }

    private byte[] text(String method, String path, Supplier<BodyPublisher> sent) throws IOException {
        try (InputStream body = call(method, path, sent, TIMEOUT)) {
            byte[] bytes = body.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IOException("the answer of ws-proxy exceeds " + LONGEST + " bytes");
            }
            return bytes;
        }
    }

    /** The body, as it comes. */
    InputStream download(String path) throws IOException {
        return call("GET", path, BodyPublishers::noBody, TIMEOUT);
    }

    /** Sends a body of any length; the supplier gives the same body again where the login had to be renewed. */
    void upload(String path, Supplier<BodyPublisher> body) throws IOException {
        call("PUT", path, body, null).close();
    }

    private InputStream call(String method, String path, Supplier<BodyPublisher> body, @Nullable Duration timeout)
            throws IOException {
        for (boolean again = false; ; again = true) {
            HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                    .header("Authorization", "Bearer " + profile.token())
                    .method(method, body.get());
            if (timeout != null) {
                request.timeout(timeout);
            }
            HttpResponse<InputStream> response = send(request.build());
            if (response.statusCode() / 100 == 2) {
                return response.body();
            }
            String words;
            try (InputStream in = response.body()) {
                words = new String(in.readNBytes(64 * 1024), StandardCharsets.UTF_8);
            }
            if (response.statusCode() != 401 || again || !renewed()) {
                throw refusal(response.statusCode(), words);
            }
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw unreachable();
        } catch (SSLException e) {
            throw judged(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for ws-proxy");
        }
    }

    /** A certificate that is not trusted will not be so next time; everything else may be the network's fault. */
    private IOException judged(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                throw new Failure(
                        Failure.UNREACHABLE,
                        "The certificate of ws-proxy at " + base + " is not trusted: " + cause.getMessage()
                                + ". Name the file of its authority by 'postern login URL --ws-proxy-ca FILE'.");
            }
        }
        return e;
    }

    private ConnectException unreachable() {
        return new ConnectException("ws-proxy does not answer at " + base + ".");
    }

    /** Opens a WebSocket. Fails with {@link Refused} where it was refused. */
    WebSocket socket(String path, WebSocket.Listener listener) throws IOException {
        URI address = URI.create("wss://" + base.getAuthority() + path);
        for (boolean again = false; ; again = true) {
            try {
                return http.newWebSocketBuilder()
                        .header("Authorization", "Bearer " + profile.token())
                        .subprotocols(SUBPROTOCOL)
                        .connectTimeout(TIMEOUT)
                        .buildAsync(address, listener)
                        .get(TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
            } catch (ExecutionException | CompletionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (cause instanceof WebSocketHandshakeException refused) {
                    int status = refused.getResponse().statusCode();
                    if (status == 401 && !again && renewed()) {
                        continue;
                    }
                    throw refusal(status, String.valueOf(refused.getResponse().body()));
                }
                if (cause instanceof ConnectException) {
                    throw unreachable();
                }
                if (cause instanceof SSLException tls) {
                    throw judged(tls);
                }
                throw cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
            } catch (TimeoutException e) {
                throw new IOException("ws-proxy did not answer in time.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for ws-proxy");
            }
        }
    }

    /** A login by certificate opens a new API Session when its old one ended. */
    private synchronized boolean renewed() throws IOException {
        Profile old = profile;
        if (old.identity() == null) {
            return false;
        }
        IdentityFile identity = IdentityFile.read(old.identity());
        try (ControllerClient client = ControllerClient.of(identity)) {
            profile = old.renewed(identity, client.authenticate().token());
            return true;
        }
    }

    private static Refused refusal(int status, String body) {
        String code = "HTTP_" + status;
        String message = "ws-proxy answered with HTTP status " + status + ".";
        try {
            JsonNode error = Json.MAPPER.readTree(body).path("error");
            code = error.path("code").asText(code);
            message = error.path("message").asText(message);
        } catch (IOException e) {
            // An answer of another shape keeps its status only.
        }
        return new Refused(status, code, message);
    }

    /** ws-proxy said no. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String code;

        Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }

        Failure failure() {
            int exit = switch (status) {
                case 401 -> Failure.NOT_LOGGED_IN;
                case 502, 503, 504 -> Failure.UNREACHABLE;
                default -> Failure.REFUSED;
            };
            String words = status == 401 ? "This login is not valid (any more): run 'postern login'. " : "";
            return new Failure(exit, words + getMessage());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
