package io.postern.router.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.postern.router.tunnel.TunnelSettings.Mode;
import io.postern.router.tunnel.TunnelSettings.Proxy;
import io.postern.wire.Header;
import io.postern.wire.RouteError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain sockets over two tunnelers and a real TLS Link. */
class TunnelerTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private TunnelRig rig;
    private ServerSocket server;

    @BeforeEach
    void start() throws Exception {
        rig = new TunnelRig(1, new TunnelSettings(Mode.PROXY, List.of(new Proxy("echo", 0))));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        rig.close();
    }

    private interface Serve {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    private void serve(Serve serve) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            serve.serve(socket.getInputStream(), socket.getOutputStream());
                        } catch (IOException e) {
                            // the client has gone
                        }
                    });
                }
            } catch (IOException e) {
                // the test is over
            }
        });
    }

    private static void echo(InputStream in, OutputStream out) throws IOException {
        in.transferTo(out);
        out.write("end".getBytes(StandardCharsets.UTF_8));
    }

    private Socket dial() throws IOException {
        await().atMost(SOON)
                .until(() -> rig.a.tunneler.proxyPort("echo") > 0 && rig.terminators.containsKey("id-echo"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.a.tunneler.proxyPort("echo"));
        socket.setSoTimeout(15_000);
        return socket;
    }

    private String tcp() {
        return "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":" + server.getLocalPort() + "}";
    }

    @ParameterizedTest(name = "encrypted {0}")
    @ValueSource(booleans = {false, true})
    void carriesBulkAndHalfCloses(boolean encrypted) throws Exception {
        serve(TunnelerTest::echo);
        rig.service("echo", encrypted, tcp());
        byte[] sent = new byte[20_000_000];
        new Random(3).nextBytes(sent);
        try (Socket socket = dial()) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] got = socket.getInputStream().readAllBytes();
            writer.join();
            assertThat(got).hasSize(sent.length + 3);
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(got, 0, sent.length);
            assertThat(hash.digest())
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(sent));
        }
        assertThat(rig.lastResult.peerData().containsKey(Header.PUBLIC_KEY)).isEqualTo(encrypted);
        await().atMost(SOON)
                .until(() -> rig.a.circuits.counters().ended.sum() == 1
                        && rig.b.circuits.counters().ended.sum() == 1);
    }

    /** As the model says, without a word of it in the router's own config; gone from the model, gone from the port. */
    @ParameterizedTest(name = "encrypted {0}")
    @ValueSource(booleans = {false, true})
    void aProxyConfigOfTheModelOpensAPortAndClosesIt(boolean encrypted) throws Exception {
        serve(TunnelerTest::echo);
        int port = freePort();
        rig.service("far", encrypted, tcp(), Map.of("proxy.v1", proxy(port, "\"udp\",\"tcp\"")));
        await().atMost(SOON)
                .until(() -> rig.a.tunneler.proxyPort("far") == port && rig.terminators.containsKey("id-far"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("over the model ".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("over the model end");
        }
        assertThat(rig.lastResult.peerData().containsKey(Header.PUBLIC_KEY)).isEqualTo(encrypted);
        rig.a.model.remove("far");
        await().atMost(SOON).until(() -> rig.a.tunneler.proxyPort("far") < 0);
        await().atMost(SOON).until(() -> refuses(port));
    }

    @Test
    void aProxyConfigThatAsksForMoreThanTcpOrNoPortOpensNone() throws Exception {
        rig.service("only-udp", false, tcp(), Map.of("proxy.v1", proxy(freePort(), "\"udp\"")));
        rig.service("no-port", false, tcp(), Map.of("proxy.v1", "{\"protocols\":[\"tcp\"]}"));
        rig.service("torn", false, tcp(), Map.of("proxy.v1", "{\"protocols\":"));
        rig.service("last", false, tcp(), Map.of("proxy.v1", proxy(freePort(), "\"tcp\"")));
        await().atMost(SOON).until(() -> rig.a.tunneler.proxyPort("last") > 0);
        for (String service : List.of("only-udp", "no-port", "torn")) {
            assertThat(rig.a.tunneler.proxyPort(service)).as(service).isNegative();
        }
    }

    private static String proxy(int port, String protocols) {
        return "{\"port\":" + port + ",\"protocols\":[" + protocols + "],\"binding\":\"127.0.0.1\"}";
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheServer() throws Exception {
        AtomicLong written = new AtomicLong();
        serve((in, out) -> {
            byte[] chunk = new byte[64 * 1024];
            for (int i = 0; i < 2000; i++) {
                out.write(chunk);
                written.addAndGet(chunk.length);
            }
        });
        rig.service("echo", false, tcp());
        try (Socket socket = dial()) {
            await().atMost(SOON)
                    .during(Duration.ofMillis(700))
                    .until(written::get, new java.util.function.Predicate<Long>() {
                        private long last = -1;

                        @Override
                        public boolean test(Long now) {
                            boolean stands = now == last && now > 0;
                            last = now;
                            return stands;
                        }
                    }::test);
            assertThat(written.get()).isLessThan(100_000_000);
            assertThat(socket.getInputStream().readAllBytes()).hasSize(2000 * 64 * 1024);
        }
    }

    @Test
    void aResetServerResetsTheClient() throws Exception {
        serve((in, out) -> {
            in.read();
            throw new IOException("gone");
        });
        rig.service("echo", false, tcp());
        try (Socket socket = dial()) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void saysWhyATargetCannotBeReached() throws Exception {
        int closed = server.getLocalPort();
        server.close();
        rig.service("echo", false, "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":" + closed + "}");
        try (Socket socket = dial()) {
            assertThatThrownBy(() -> {
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(rig.lastResult.error()).isEqualTo(RouteError.CONNECTION_REFUSED);
    }

    @Test
    @EnabledIf("unixSockets")
    void reachesAUnixSocket() throws Exception {
        Path path = folder.resolve("d.sock");
        try (ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            unix.bind(UnixDomainSocketAddress.of(path));
            Thread.ofPlatform().daemon().start(() -> {
                try (SocketChannel socket = unix.accept()) {
                    echo(Channels.newInputStream(socket), Channels.newOutputStream(socket));
                } catch (IOException e) {
                    // the test is over
                }
            });
            rig.service("echo", false, "{\"protocol\":\"tcp\",\"address\":\"unix:" + path + "\",\"port\":1}");
            try (Socket socket = dial()) {
                socket.getOutputStream().write("hello ".getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                socket.getInputStream().transferTo(all);
                assertThat(all.toString(StandardCharsets.UTF_8)).isEqualTo("hello end");
            }
        }
    }

    static boolean unixSockets() {
        return Epoll.isAvailable();
    }

    @Test
    void aServiceNoLongerInTheModelLosesItsTerminator() {
        rig.b.model.service("one", false, Map.of("host.v2", "{\"terminators\":[" + tcp() + "," + tcp() + "]}"));
        await().atMost(SOON).until(() -> rig.b.tunneler.hosted() == 2);
        rig.b.model.remove("one");
        await().atMost(SOON).until(() -> rig.b.tunneler.hosted() == 0);
    }

    /** Long before it would ask again by itself. */
    @Test
    void whatWasRefusedIsAskedForWhenTheControllersKnowMore() {
        rig.refusing = true;
        rig.b.model.service("late", false, Map.of("host.v1", tcp()));
        await().atMost(SOON).until(() -> rig.refused.get() > 0);
        rig.refusing = false;
        rig.b.model.elsewhere();
        await().atMost(Duration.ofSeconds(10)).until(() -> rig.terminators.containsKey("id-late"));
    }
}
