package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.client.DialRefused.Hop;
import io.postern.pki.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class PosternClientTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private FakeController controller;
    private FakeRouter router;
    private IdentityFile identity;
    private PosternClient host;
    private PosternClient dialer;

    @BeforeAll
    void enroll() throws Exception {
        controller = new FakeController(Keys.ec256());
        identity = new Enroller()
                .enroll(controller.token("ott", "me", Instant.now().plusSeconds(60)));
    }

    @BeforeEach
    void start() {
        router = new FakeRouter(loops, controller.authority);
        controller.routers.clear();
        controller.routers.put("r", router.address());
        controller.service("sealed", true, "Dial", "Bind");
        controller.service("clear", false, "Dial", "Bind");
        controller.service("bindOnly", false, "Bind");
        host = PosternClient.of(identity);
        dialer = PosternClient.of(identity, loops);
    }

    @AfterEach
    void stop() {
        dialer.close();
        host.close();
        router.close();
    }

    @AfterAll
    void end() {
        controller.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void bytesComeBackInOrderSealedAndClear() throws Exception {
        for (String service : new String[] {"sealed", "clear"}) {
            try (Listener listener = host.bind(service)) {
                Echo.on(listener);
                try (Connection connection = dialer.dial(service)) {
                    assertThat(connection.isEncrypted()).isEqualTo(service.equals("sealed"));
                    assertThat(connection.circuitId()).isEqualTo("circuit");
                    assertThat(roundTrip(connection, 16 << 20)).isTrue();
                }
            }
        }
    }

    private static boolean roundTrip(Connection connection, int bytes) throws Exception {
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        Thread writer = Thread.startVirtualThread(() -> {
            byte[] some = new byte[50_000];
            new Random(3).nextBytes(some);
            try (OutputStream out = connection.output()) {
                for (int left = bytes; left > 0; left -= some.length) {
                    int length = Math.min(left, some.length);
                    sent.update(some, 0, length);
                    out.write(some, 0, length);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[7_001];
        connection.readTimeout(Duration.ofSeconds(60));
        InputStream in = connection.input();
        long total = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            received.update(buffer, 0, read);
            total += read;
        }
        writer.join();
        return total == bytes && MessageDigest.isEqual(sent.digest(), received.digest());
    }

    @Test
    void eachEndMayStopWritingAndGoOnReading() throws Exception {
        try (Listener listener = host.bind("sealed")) {
            Connection dialled =
                    dialer.dial("sealed", DialOptions.DEFAULT.withAppData("hint".getBytes(StandardCharsets.UTF_8)));
            Connection accepted = listener.accept();
            assertThat(accepted.callerId()).isEqualTo("tester");
            assertThat(new String(accepted.appData(), StandardCharsets.UTF_8)).isEqualTo("hint");

            dialled.output().write("question".getBytes(StandardCharsets.UTF_8));
            dialled.closeOutput();
            assertThat(accepted.input().readAllBytes()).hasSize(8);
            assertThatThrownBy(() -> dialled.output().write(1)).hasMessageContaining("output is closed");
            accepted.output().write("answer".getBytes(StandardCharsets.UTF_8));
            accepted.closeOutput();
            assertThat(dialled.input().readAllBytes()).hasSize(6);
            accepted.close();
            dialled.close();
        }
    }

    @Test
    void aReaderThatStopsStopsTheWriter() throws Exception {
        try (Listener listener = host.bind("clear");
                Connection dialled = dialer.dial("clear")) {
            Connection accepted = listener.accept();
            long most = 64L << 20;
            long[] written = {0};
            Thread writer = Thread.startVirtualThread(() -> {
                byte[] some = new byte[32 * 1024];
                try {
                    while (written[0] < most) {
                        dialled.output().write(some);
                        written[0] += some.length;
                    }
                    dialled.closeOutput();
                } catch (IOException e) {
                    // Compared below.
                }
            });
            assertThat(writer.join(Duration.ofMillis(1500))).isFalse();
            assertThat(written[0]).isLessThan(most);
            long read = 0;
            byte[] buffer = new byte[64 * 1024];
            for (int some = accepted.input().read(buffer);
                    some >= 0;
                    some = accepted.input().read(buffer)) {
                read += some;
            }
            assertThat(read).isEqualTo(most);
        }
    }

    @Test
    void aRefusalSaysWhoAndWhy() {
        assertThatThrownBy(() -> dialer.dial("nosuch"))
                .asInstanceOf(InstanceOfAssertFactories.type(DialRefused.class))
                .returns(Hop.CONTROLLER, DialRefused::hop);
        assertThatThrownBy(() -> dialer.dial("bindOnly"))
                .asInstanceOf(InstanceOfAssertFactories.type(DialRefused.class))
                .returns(DialRefused.ACCESS_DENIED, DialRefused::code);
        assertThatThrownBy(() -> dialer.dial("clear"))
                .hasMessageContaining("service has no terminators")
                .asInstanceOf(InstanceOfAssertFactories.type(DialRefused.class))
                .returns(Hop.NETWORK, DialRefused::hop)
                .returns(8, DialRefused::code);
        router.close();
        controller.routers.put("r", "tls://localhost:1");
        assertThatThrownBy(() -> host.dial("clear"))
                .asInstanceOf(InstanceOfAssertFactories.type(DialRefused.class))
                .returns(Hop.EDGE_ROUTER, DialRefused::hop);
    }

    @Test
    void aListenerBindsAgainAfterItsChannelBroke() throws Exception {
        try (Listener listener = host.bind("sealed")) {
            Echo.on(listener);
            Connection before = dialer.dial("sealed");
            router.channels.forEach(channel -> channel.close("test"));
            before.readTimeout(Duration.ofSeconds(60));
            try {
                // the host's channel may go first; the dialer then sees the end of data
                assertThat(before.input().read()).isEqualTo(-1);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("channel to edge router r ended");
            }
            before.close();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (router.binds.get() < 2 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            try (Connection connection = dialer.dial("sealed")) {
                assertThat(roundTrip(connection, 100_000)).isTrue();
            }
        }
    }

    @Test
    void aListenerEndsWhenItsServiceIsDeleted() throws Exception {
        controller.service("passing", false, "Dial", "Bind");
        try (Listener listener = host.bind("passing")) {
            controller.services.remove("passing");
            router.channels.forEach(channel -> channel.close("test"));
            await("the listener has ended", () -> !listener.isOpen());
            assertThatThrownBy(listener::accept).hasMessageContaining("NOT_FOUND");
        }
    }

    @Test
    void aListenerOutlivesARightThatIsAwayForAMoment() throws Exception {
        controller.service("passing", false, "Dial", "Bind");
        try (Listener listener = host.bind("passing")) {
            Echo.on(listener);
            int asked = controller.sessionsRefused.get();
            controller.refused = "id-passing";
            router.channels.forEach(channel -> channel.close("test"));
            await("the host asked", () -> controller.sessionsRefused.get() > asked);
            controller.refused = "";
            await("it is bound again", () -> listener.terminators() > 0);
            assertThat(listener.isOpen()).isTrue();
        } finally {
            controller.services.remove("passing");
        }
    }

    @Test
    void anEndedApiSessionIsReplacedOnce() throws Exception {
        dialer.authenticate();
        int logins = controller.logins.get();
        controller.apiSessions.clear();
        assertThat(dialer.services()).hasSize(3);
        assertThat(controller.logins.get()).isEqualTo(logins + 1);
        router.acceptsToken = controller.apiSessions::contains;
        controller.apiSessions.clear();
        assertThatThrownBy(() -> dialer.dial("clear")).hasMessageContaining("no terminators");
    }

    @Test
    void aNewApiSessionDialsAndTheOldOnesConnectionsGoOn() throws Exception {
        try (Listener listener = host.bind("clear")) {
            Echo.on(listener);
            try (Connection old = dialer.dial("clear")) {
                controller.apiSessions.clear();
                dialer.services(); // finds that its API Session ended
                for (int i = 0; i < 2; i++) {
                    try (Connection fresh = dialer.dial("clear")) {
                        assertThat(roundTrip(fresh, 100_000)).isTrue();
                    }
                }
                assertThat(router.channels).hasSize(3);
                assertThat(roundTrip(old, 100_000)).isTrue();
            }
            await("the old API Session's channel is closed", () -> router.channels.size() == 2);
        }
    }

    @Test
    void aRouterThatIsAboutToStopCostsNobodyAnApiSession() throws Exception {
        try (FakeRouter stopping = new FakeRouter(loops, controller.authority);
                Listener listener = host.bind("clear")) {
            Echo.on(listener);
            stopping.busy = true;
            controller.routers.put("stopping", stopping.address());
            dialer.authenticate();
            int logins = controller.logins.get();
            try (Connection connection = dialer.dial("clear")) {
                assertThat(roundTrip(connection, 100_000)).isTrue();
            }
            await("the other router was asked", () -> stopping.hellos.get() > 0);
            dialer.services();
            assertThat(controller.logins.get()).isEqualTo(logins);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void silenceTimesOutAndGoesOn() throws Exception {
        try (Listener listener = host.bind("clear");
                Connection dialled = dialer.dial("clear")) {
            Connection accepted = listener.accept();
            accepted.readTimeout(Duration.ofMillis(50));
            assertThatThrownBy(() -> accepted.input().read()).isInstanceOf(SocketTimeoutException.class);
            dialled.output().write(7);
            accepted.readTimeout(Duration.ofSeconds(60));
            assertThat(accepted.input().read()).isEqualTo(7);
        }
    }
}
