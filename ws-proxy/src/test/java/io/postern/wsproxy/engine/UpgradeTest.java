package io.postern.wsproxy.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.EpollEventLoopGroup;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a container host says that is no hand-over must not become a tunnel, nor lead anywhere else. */
class UpgradeTest {
    private static final HostName HOST = new HostName("here");
    private static final ExecId EXEC = new ExecId("e".repeat(64));
    private static final ExecSpec SPEC =
            new ExecSpec(List.of("id"), false, true, Optional.empty(), Optional.empty(), List.of(), 0, 0);

    private final EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> hungUp = new CompletableFuture<>();
    private volatile String answer = "";
    private Path folder;
    private ServerSocketChannel door;
    private Engines engines;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createTempDirectory("up");
        door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        door.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
        Thread.startVirtualThread(this::serve);
        Hosts hosts = new Hosts(Map.of(HOST, folder.resolve("s")), null, EngineOptions.DEFAULT);
        engines = new Engines(hosts, loops, EngineOptions.DEFAULT);
    }

    @AfterEach
    void close() throws IOException {
        engines.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        door.close();
        Files.deleteIfExists(folder.resolve("s"));
        Files.delete(folder);
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel call = door.accept();
                Thread.startVirtualThread(() -> talk(call));
            }
        } catch (IOException e) {
            // the door was closed
        }
    }

    private void talk(SocketChannel call) {
        try (call) {
            String request = request(call);
            requests.add(request.lines().findFirst().orElse(""));
            boolean start = request.startsWith("POST") && request.contains("/start ");
            String version = "{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}";
            String said = start
                    ? answer
                    : "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nApi-Version: 1.41\r\nConnection: close\r\n"
                            + "Content-Length: " + version.length() + "\r\n\r\n" + version;
            call.write(ByteBuffer.wrap(said.getBytes(StandardCharsets.US_ASCII)));
            if (start) {
                while (call.read(ByteBuffer.allocate(4096)) >= 0) {
                    Thread.onSpinWait();
                }
                hungUp.complete(null);
            }
        } catch (IOException e) {
            hungUp.complete(null); // a reset is an end, too
        }
    }

    private static String request(SocketChannel call) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer some = ByteBuffer.allocate(4096);
        while (head.indexOf("\r\n\r\n") < 0 && call.read(some.clear()) >= 0) {
            head.append(StandardCharsets.US_ASCII.decode(some.flip()));
        }
        return head.toString();
    }

    private Tunnel start() {
        try {
            return engines.startExec(HOST, EXEC, SPEC, loops.next())
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw Engines.refusal(e.getCause());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"})
    void aRedirectIsNotFollowed(String status) {
        answer = "HTTP/1.1 " + status + "\r\nLocation: http://127.0.0.1:1/exec/" + EXEC
                + "/start\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n";
        EngineRefusal refused = assertThrows(EngineRefusal.class, this::start);
        assertTrue(String.valueOf(refused.getMessage()).contains("redirect"), refused.getMessage());
        hungUp.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(
                1,
                requests.stream().filter(request -> request.contains("/start ")).count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 Bad Request",
                "401 Unauthorized",
                "403 Forbidden",
                "404 Not Found",
                "500 Oops",
                "503 Later",
                "204 No Content",
                "102 Processing"
            })
    void onlyAHandOverMakesATunnel(String status) {
        answer =
                "HTTP/1.1 " + status + "\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\nnoand more";
        EngineRefusal refused = assertThrows(EngineRefusal.class, this::start);
        assertFalse(String.valueOf(refused.getMessage()).contains("and more"), refused.getMessage());
        hungUp.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void whatIsHandedOverIsATunnel() {
        answer = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello";
        Tunnel tunnel = start();
        assertEquals("hello", tunnel.first().toString(StandardCharsets.US_ASCII));
        tunnel.drop();
        hungUp.orTimeout(60, TimeUnit.SECONDS).join();
    }
}
