package io.postern.wsproxy.front;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.wsproxy.boot.HttpOptions;
import io.postern.wsproxy.recording.Recordings;
import io.postern.wsproxy.zun.ZunRoutes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The front over {@link FakeRooms} on a free port, and clients that may say anything. */
public final class FrontServer implements AutoCloseable {
    private static final long SECONDS = 60;

    public final FakeRooms rooms = new FakeRooms();
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final WebSocketClient webSockets = vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxFrameSize(1 << 20).setMaxMessageSize(1 << 20));

    public FrontServer() {
        this(settings -> settings);
    }

    public FrontServer(UnaryOperator<FrontSettings> change) {
        this(change, Optional.empty());
    }

    public FrontServer(UnaryOperator<FrontSettings> change, Optional<Recordings> recordings) {
        FrontSettings settings = change.apply(settings());
        Router router = Router.router(vertx);
        Front front =
                new Front(vertx, settings, rooms, rooms, rooms, rooms, new NoCopies(), recordings, rooms.happened::add);
        front.install(router);
        new ZunRoutes(front, rooms, new Urls(settings.publicUrl())).install(router);
        server = done(vertx.createHttpServer(HttpOptions.bound(new HttpServerOptions()))
                .requestHandler(router)
                .listen(0, "127.0.0.1"));
    }

    /** Copies are the engine's to do, and have their tests with one. */
    private static final class NoCopies implements Copies {
        @Override
        public java.util.concurrent.CompletionStage<io.postern.wsproxy.engine.ArchiveOut> out(
                io.postern.wsproxy.engine.ContainerFacts container,
                String path,
                io.netty.channel.EventLoop loop,
                io.postern.wsproxy.engine.ArchiveOut.Sink sink) {
            return java.util.concurrent.CompletableFuture.failedFuture(Refused.badRequest("no files here"));
        }

        @Override
        public java.util.concurrent.CompletionStage<io.postern.wsproxy.engine.ArchiveIn> in(
                io.postern.wsproxy.engine.ContainerFacts container,
                String path,
                io.netty.channel.EventLoop loop,
                Runnable writable) {
            return java.util.concurrent.CompletableFuture.failedFuture(Refused.badRequest("no files here"));
        }
    }

    public static FrontSettings settings() {
        return new FrontSettings(
                List.of("gw.example:443"),
                List.of("https://portal.example"),
                List.of(),
                Optional.empty(),
                new FrontSettings.Rate(1000, 1000),
                new FrontSettings.Rate(1000, 1000),
                1000,
                1 << 20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                true);
    }

    public int port() {
        return server.actualPort();
    }

    /** An answer, its body as JSON where it is some. */
    public record Answer(int status, JsonNode body, String text, Map<String, String> headers) {
        public String code() {
            return body.path("error").path("code").asText();
        }
    }

    public Answer call(String method, String path, Map<String, String> headers, @Nullable String body) {
        PlainHttp.Answer answer = PlainHttp.call(port(), method, path, headers, body);
        return new Answer(answer.status(), parse(answer.text()), answer.text(), answer.headers());
    }

    public Answer get(String path) {
        return call("GET", path, bearer(), null);
    }

    public static Map<String, String> bearer() {
        return Map.of("Authorization", "Bearer " + FakeRooms.TOKEN);
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode node = JsonMapper.builder().build().readTree(text);
            return node == null ? JsonMapper.builder().build().createObjectNode() : node;
        } catch (JsonProcessingException e) {
            return JsonMapper.builder().build().createObjectNode();
        }
    }

    /** A conversation and everything that came. */
    public final class Talk implements AutoCloseable {
        public final WebSocket socket;
        public final List<Buffer> binary = new ArrayList<>();
        public final List<String> text = new ArrayList<>();

        Talk(WebSocket socket) {
            this.socket = socket;
            socket.exceptionHandler(failure -> {});
            socket.binaryMessageHandler(message -> {
                synchronized (this) {
                    binary.add(message);
                }
            });
            socket.textMessageHandler(message -> {
                synchronized (this) {
                    text.add(message);
                }
            });
        }

        public synchronized String all(int channel) {
            StringBuilder all = new StringBuilder();
            binary.stream()
                    .filter(message -> message.length() > 0 && message.getByte(0) == channel)
                    .forEach(message -> all.append(message.getString(1, message.length())));
            return all.toString();
        }

        public synchronized int messages() {
            return binary.size();
        }

        public synchronized String words() {
            return String.join("\n", text);
        }

        public synchronized String raw() {
            StringBuilder all = new StringBuilder();
            binary.forEach(all::append);
            return all.toString();
        }

        public void send(byte... bytes) {
            done(socket.writeBinaryMessage(Buffer.buffer(bytes)));
        }

        public void say(String message) {
            done(socket.writeTextMessage(message));
        }

        public int closeCode() {
            await().atMost(Duration.ofSeconds(SECONDS)).until(socket::isClosed);
            return socket.closeStatusCode() == null ? 1006 : socket.closeStatusCode();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    public Talk open(String path, List<String> protocols, Map<String, String> headers) {
        return done(connect(path, protocols, headers).map(Talk::new));
    }

    public Talk open(String path, String protocol) {
        return open(path, List.of(protocol), bearer());
    }

    /** The status that an upgrade is refused with; 101 when it is not refused. */
    public int upgrade(String path, List<String> protocols, Map<String, String> headers) {
        return done(connect(path, protocols, headers)
                .map(socket -> {
                    socket.close();
                    return 101;
                })
                .otherwise(failure -> failure instanceof UpgradeRejectedException refused ? refused.getStatus() : -1));
    }

    private Future<WebSocket> connect(String path, List<String> protocols, Map<String, String> headers) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port())
                .setURI(path)
                .setAllowOriginHeader(headers.containsKey("Origin"))
                .setSubProtocols(protocols);
        headers.forEach(options::putHeader);
        return webSockets.connect(options);
    }

    public FakeRooms.Sitting seat() {
        await().atMost(Duration.ofSeconds(SECONDS)).until(() -> !rooms.seats.isEmpty());
        return rooms.seats.getLast();
    }

    public static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        done(vertx.close());
    }
}
