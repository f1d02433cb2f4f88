package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.testkit.BadLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams over a network that breaks, against commands that really run. */
@Timeout(240)
class ConsoleStreamTest {
    @TempDir
    Path files;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private FakeProxy fake;
    private BadLine relay;
    private ProxyClient client;

    @BeforeEach
    void start() throws Exception {
        fake = new FakeProxy(files);
        relay = new BadLine(fake.port());
        client = fake.client(relay.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        relay.close();
        fake.close();
    }

    private ConsoleStream stream(OutputStream to, boolean input, String... command) {
        return stream(to, input, Duration.ofSeconds(60), command);
    }

    private ConsoleStream stream(OutputStream to, boolean input, Duration patience, String... command) {
        return stream(client::socket, to, input, patience, command);
    }

    private ConsoleStream stream(
            ConsoleStream.Door door, OutputStream to, boolean input, Duration patience, String... command) {
        StringBuilder path = new StringBuilder("/v1/hosts/here/containers/box/exec?stdin=" + input);
        for (String word : command) {
            path.append("&command=").append(Target.encoded(word));
        }
        return new ConsoleStream(path.toString(), true, door, new Output(to, err), notices::add, patience);
    }

    private CompletableFuture<Ending> running(ConsoleStream stream) {
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                ending.complete(stream.run());
            } catch (Throwable e) { // a test's own, too, or nobody hears of it
                ending.completeExceptionally(e);
            }
        });
        return ending;
    }

    private static Ending ended(CompletableFuture<Ending> running) throws Exception {
        return running.get(180, TimeUnit.SECONDS);
    }

    @Test
    void outputErrorAndExitCodeArriveApart() throws Exception {
        ConsoleStream stream = stream(out, false, "sh", "-c", "echo out; echo err >&2; exit 7");
        stream.endInput();
        assertThat(ended(running(stream))).isEqualTo(new Ending.Exited(7));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("out\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
    }

    @Test
    void theEndOfInputReachesTheCommand() throws Exception {
        ConsoleStream stream = stream(out, true, "wc", "-c");
        CompletableFuture<Ending> running = running(stream);
        stream.type("twelve bytes".getBytes(StandardCharsets.UTF_8));
        stream.endInput();
        assertThat(ended(running)).isEqualTo(new Ending.Exited(0));
        assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo("12");
    }

    @Test
    void whatCannotBeWrittenIsAFaultAndAReaderWhoWentAwayIsNone() throws Exception {
        assertThat(ended(running(stream(failing("No space left on device"), false, "sh", "-c", "echo; sleep 60"))))
                .isEqualTo(new Ending.Lost("Standard output cannot be written: No space left on device."));
        assertThat(ended(running(stream(failing("Broken pipe"), false, "sh", "-c", "echo; sleep 60"))))
                .isEqualTo(new Ending.Signalled(13));
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }

    @Test
    void aRefusalIsToldInItsOwnWords() {
        ConsoleStream stream = new ConsoleStream(
                "/v1/hosts/here/containers/none/exec?command=true",
                true,
                client::socket,
                new Output(out, err),
                notices::add,
                Duration.ofSeconds(5));
        assertThatThrownBy(stream::run)
                .isInstanceOf(ProxyClient.Refused.class)
                .hasMessage("There is no such container.");
    }

    /** The command reads nothing before it may: so long there is no more on the way than the window. */
    @Test
    void noMoreInputThanTheWindowIsOnItsWay() throws Exception {
        Path go = files.resolve("go");
        ConsoleStream stream = stream(out, true, "sh", "-c", "while [ ! -e " + go + " ]; do sleep 0.1; done; wc -c");
        CompletableFuture<Ending> running = running(stream);
        int all = 0;
        for (int size = 1; all < 512 * 1024; size += 997) {
            assertThat(stream.type(new byte[size])).isTrue();
            all += size;
        }
        stream.endInput();
        fake.session().awaitReceived(FakeSession.WINDOW);
        Files.createFile(go);
        assertThat(ended(running)).isEqualTo(new Ending.Exited(0));
        assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo(String.valueOf(all));
        FakeSession session = fake.session();
        assertThat(session.inputReceived()).isEqualTo(all);
        assertThat(session.inputAhead()).isBetween((long) FakeSession.WINDOW / 2, (long) FakeSession.WINDOW);
    }

    /** Bytes both ways through cat, with the connection broken at every kind of moment. */
    @Test
    void noByteIsLostOrDoubledHoweverOftenTheConnectionBreaks() throws Exception {
        MessageDigest typed = MessageDigest.getInstance("SHA-256");
        MessageDigest printed = MessageDigest.getInstance("SHA-256");
        ConsoleStream stream = stream(new DigestOutputStream(OutputStream.nullOutputStream(), printed), true, "cat");
        CompletableFuture<Ending> running = running(stream);
        Random random = new Random(7);
        byte[] piece = new byte[32 * 1024];
        for (int i = 0; i < 512; i++) {
            if (i % 40 == 10) {
                relay.cutAfter(random.nextInt(200_000));
            }
            random.nextBytes(piece);
            typed.update(piece);
            assertThat(stream.type(piece.clone())).isTrue();
        }
        stream.endInput();
        assertThat(ended(running)).isEqualTo(new Ending.Exited(0));
        assertThat(HexFormat.of().formatHex(printed.digest()))
                .isEqualTo(HexFormat.of().formatHex(typed.digest()));
        assertThat(relay.accepted()).isGreaterThan(5);
    }

    /** Bytes come as soon as there is a connection, which may be long before the one who asked for it has it. */
    @Test
    void aWindowFullThatIsWrittenBeforeTheConnectionIsOursIsAcknowledged() throws Exception {
        ConsoleStream.Door late = (path, listener) -> {
            var socket = client.socket(path, listener);
            try {
                until(() -> out.size() == FakeSession.WINDOW ? true : null);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return socket;
        };
        String pieces = "head -c 1000 /dev/zero; sleep 0.2; head -c 1999000 /dev/zero; exit 3";
        ConsoleStream stream = stream(late, out, false, Duration.ofSeconds(60), "sh", "-c", pieces);
        stream.endInput();
        assertThat(ended(running(stream))).isEqualTo(new Ending.Exited(3));
        assertThat(out.size()).isEqualTo(2_000_000);
    }

    @Test
    void aSlowReaderIsWaitedForAndHoldsNoMoreThanTheWindow() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                go.join();
                out.write(bytes, offset, length);
            }
        };
        ConsoleStream stream = stream(slow, false, "sh", "-c", "head -c 2000000 /dev/zero; exit 3");
        stream.endInput();
        CompletableFuture<Ending> running = running(stream);
        FakeSession session =
                until(() -> fake.sessions.values().stream().findFirst().orElse(null));
        assertThat(session.heard).doesNotContain("detach");
        assertThat(running).isNotDone();
        go.complete(null);
        assertThat(ended(running)).isEqualTo(new Ending.Exited(3));
        assertThat(out.size()).isEqualTo(2_000_000);
    }

    private static <T> T until(java.util.function.Supplier<T> there) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            T value = there.get();
            if (value != null) {
                return value;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("it never came");
    }

    @Test
    void whoLeavesEndsTheCommand() throws Exception {
        ConsoleStream stream = stream(out, true, "sh", "-c", "echo ready; exec sleep 1000");
        CompletableFuture<Ending> running = running(stream);
        until(() -> out.size() > 0 ? true : null);
        stream.leave(new Ending.Left());
        assertThat(ended(running)).isEqualTo(new Ending.Left());
        FakeSession session = fake.sessions.values().iterator().next();
        until(() -> session.heard.contains("{\"type\":\"detach\"}") ? true : null);
    }

    @Test
    void aConnectionThatStaysAwayIsToldAndGivenUp() throws Exception {
        ConsoleStream stream = stream(out, true, Duration.ofSeconds(4), "sh", "-c", "echo ready; exec sleep 1000");
        CompletableFuture<Ending> running = running(stream);
        until(() -> out.size() > 0 ? true : null);
        relay.refuse(true);
        assertThat(ended(running)).isInstanceOf(Ending.Lost.class);
        assertThat(notices).anyMatch(line -> line.contains("trying again"));
    }

    @Test
    void theSizeIsToldAgainOnANewConnection() throws Exception {
        ConsoleStream stream = stream(out, true, "sh", "-c", "echo ready; read x; exit 4");
        CompletableFuture<Ending> running = running(stream);
        until(() -> out.size() > 0 ? true : null);
        stream.resize(101, 33);
        FakeSession session = fake.sessions.values().iterator().next();
        String size = "{\"type\":\"resize\",\"cols\":101,\"rows\":33}";
        until(() -> session.heard.contains(size) ? true : null);
        session.heard.clear();
        relay.cut();
        until(() -> session.heard.contains(size) ? true : null);
        stream.type("\n".getBytes(StandardCharsets.UTF_8));
        assertThat(ended(running)).isEqualTo(new Ending.Exited(4));
        assertThat(notices).isEmpty();
    }
}
