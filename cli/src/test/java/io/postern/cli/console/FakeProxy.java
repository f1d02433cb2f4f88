package io.postern.cli.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Json;
import io.postern.cli.login.Profile;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in for ws-proxy, over TLS: one host whose only container is this machine. Commands are processes here, its files
 * are a folder. Speaks console.postern.v1 as written, with a small window and ring so that tests meet their ends.
 */
final class FakeProxy implements AutoCloseable {
    static final String TOKEN = "fake-token";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final String ca;
    private final Path files;
    final Map<String, FakeSession> sessions = new ConcurrentHashMap<>();

    private final CompletableFuture<FakeSession> opened = new CompletableFuture<>();

    FakeProxy(Path files) throws Exception {
        this.files = files;
        KeyPair rootKeys = Keys.ec256();
        Authority root = Authority.root(rootKeys, "fake", Instant.now());
        KeyPair keys = Keys.ec256();
        var leaf = root.issue(
                keys.getPublic(),
                "localhost",
                List.of(new San.Dns("localhost")),
                Authority.Usage.SERVER,
                Instant.now(),
                Duration.ofDays(1));
        this.ca = Certificates.toPem(root.certificate());
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setHost("127.0.0.1")
                .setPort(0)
                .setWebSocketSubProtocols(List.of(ProxyClient.SUBPROTOCOL))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(Certificates.toPem(leaf)))
                        .setKeyValue(Buffer.buffer(Keys.toPem(keys.getPrivate()))));
        this.server = vertx.createHttpServer(options)
                .requestHandler(this::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    /** The first one; waits for it. */
    FakeSession session() {
        return opened.orTimeout(60, TimeUnit.SECONDS).join();
    }

    int port() {
        return server.actualPort();
    }

    Profile profile(int port) {
        URI here = URI.create("https://localhost:" + port);
        return new Profile(here, ca, "somebody", TOKEN, null, null, here, null);
    }

    ProxyClient client(int port) {
        return ProxyClient.of(URI.create("https://localhost:" + port), profile(port));
    }

    private void serve(HttpServerRequest request) {
        if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
            refuse(request, 401, "UNAUTHORIZED", "No such token.");
            return;
        }
        String path = request.path();
        if (path.equals("/v1/containers")) {
            ObjectNode one = Json.MAPPER
                    .createObjectNode()
                    .put("host", "here")
                    .put("id", "a".repeat(64))
                    .put("name", "box")
                    .put("state", "RUNNING");
            answer(request.response(), Json.MAPPER.createArrayNode().add(one).toString());
        } else if (path.endsWith("/archive")) {
            archive(request);
        } else if (path.startsWith("/v1/hosts/here/containers/box/exec")) {
            FakeSession session = new FakeSession(vertx, request.params());
            sessions.put(session.id(), session);
            opened.complete(session);
            request.toWebSocket().onSuccess(socket -> session.join(socket, 0, false));
        } else if (path.startsWith("/v1/sessions/")) {
            FakeSession session = sessions.get(path.split("/")[3]);
            if (session == null) {
                refuse(request, 404, "SESSION_UNKNOWN", "There is no such session.");
                return;
            }
            long from = Long.parseLong(request.getParam("from"));
            request.toWebSocket().onSuccess(socket -> session.join(socket, from, true));
        } else {
            refuse(request, 404, "CONTAINER_UNKNOWN", "There is no such container.");
        }
    }

    /** As an engine: tar out of anything, tar into a folder that is there. */
    private void archive(HttpServerRequest request) {
        Path place =
                files.resolve(request.getParam("path").replaceFirst("^/+", "")).normalize();
        if (request.method().name().equals("GET")) {
            if (!Files.exists(place)) {
                refuse(request, 404, "NO_SUCH_PATH", "There is no such file in the container.");
                return;
            }
            run(
                    request,
                    List.of(
                            "tar",
                            "-c",
                            "-C",
                            place.getParent().toString(),
                            place.getFileName().toString()));
        } else if (!Files.isDirectory(place)) {
            request.pause();
            request.resume();
            request.endHandler(done -> refuse(request, 400, "BAD_REQUEST", "It is no folder."));
        } else {
            run(request, List.of("tar", "-x", "-C", place.toString()));
        }
    }

    private void run(HttpServerRequest request, List<String> command) {
        request.body()
                .onSuccess(body -> vertx.executeBlocking(() -> {
                            Process process = new ProcessBuilder(command)
                                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                                    .start();
                            Thread.ofVirtual().start(() -> {
                                try (var in = process.getOutputStream()) {
                                    in.write(body.getBytes());
                                } catch (IOException e) {
                                    // it wanted none
                                }
                            });
                            byte[] out = process.getInputStream().readAllBytes();
                            return process.waitFor() == 0 ? out : null;
                        })
                        .onSuccess(out -> {
                            if (out == null) {
                                refuse(request, 502, "ENGINE_FAILED", "tar failed.");
                            } else {
                                request.response().end(Buffer.buffer(out));
                            }
                        }));
    }

    private static void answer(HttpServerResponse response, String json) {
        response.putHeader("Content-Type", "application/json").end(json);
    }

    private static void refuse(HttpServerRequest request, int status, String code, String message) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("error").put("code", code).put("message", message);
        answer(request.response().setStatusCode(status), body.toString());
    }

    @Override
    public void close() throws Exception {
        sessions.values().forEach(FakeSession::end);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
