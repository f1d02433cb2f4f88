package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.postern.wire.ctrl.CircuitCreated;
import io.postern.wire.ctrl.CircuitRefused;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.edge.Bind;
import io.postern.wire.edge.Connect;
import io.postern.wire.edge.Data;
import io.postern.wire.edge.Dial;
import io.postern.wire.edge.DialFailed;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.Precedence;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.StateConnected;
import io.postern.wire.edge.UpdateBind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The project's own vector of each message: written from a record it gives these bytes, and read from these bytes it gives
 * a record that writes them again. {@code -Dpostern.vectors=write} writes the files anew, for review.
 */
class GoldenVectorsTest {
    private static final Path FILES = Path.of("src/test/resources/vectors");
    private static final byte[] KEY = new byte[32];

    static {
        for (int i = 0; i < KEY.length; i++) {
            KEY[i] = (byte) (0x20 + i);
        }
    }

    /** @param rewrite reads the frame into its record and writes that */
    record Vector(String name, String about, FrameBuilder frame, Function<Frame, FrameBuilder> rewrite) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> vectors() {
        return Stream.concat(edge(), Stream.concat(ctrl(), channel()));
    }

    private static Stream<Vector> edge() {
        return Stream.of(
                new Vector(
                        "Connect",
                        "60783 with every header a dialer sends",
                        new Connect(1, "token", KEY, "east", "alice", text("app"), "mark", text("stick"), true, true)
                                .frame(),
                        f -> Connect.read(f).frame()),
                new Vector(
                        "StateConnected",
                        "60784 answer to Connect",
                        new StateConnected(1, "circuit", KEY, text("stick"), false).frame(),
                        f -> StateConnected.read(f).frame()),
                new Vector(
                        "StateClosed",
                        "60785 with a reason",
                        StateClosed.of(1, "closed by host").frame(),
                        f -> StateClosed.read(f).frame()),
                new Vector(
                        "Bind",
                        "60790 with every header a host sends",
                        new Bind(
                                        5,
                                        "token",
                                        KEY,
                                        300,
                                        Precedence.REQUIRED,
                                        "east",
                                        text("secret"),
                                        text("listener"),
                                        true,
                                        true,
                                        true)
                                .frame(),
                        f -> Bind.read(f).frame()),
                new Vector(
                        "Dial",
                        "60787 with a connection id of the router",
                        new Dial(5, "token", 0x80000001, "alice", "circuit", KEY, text("app"), "mark", "id", "name")
                                .frame(),
                        f -> Dial.read(f).frame()),
                new Vector(
                        "DialSuccess",
                        "60788 body is the connection id",
                        new DialSuccess(5, 0x80000001, KEY).frame(),
                        f -> DialSuccess.read(f).frame()),
                new Vector(
                        "DialFailed",
                        "60789 body is the reason",
                        new DialFailed(5, "no").frame(),
                        f -> DialFailed.read(f).frame()),
                new Vector(
                        "UpdateBind",
                        "60794 cost and precedence",
                        new UpdateBind(5, "token", 21, Precedence.FAILED).frame(),
                        f -> UpdateBind.read(f).frame()),
                new Vector(
                        "Data",
                        "60786 with flags and a message id",
                        Data.frame(
                                1, Data.MULTIPART | Data.TRACE_UUID, new byte[16], Unpooled.wrappedBuffer(text("hi"))),
                        f -> Data.frame(Data.connId(f), Data.flags(f), f.bytes(Header.REFLECTED), f.body())));
    }

    private static Stream<Vector> ctrl() {
        return Stream.of(
                new Vector(
                        "CreateCircuitV2",
                        "20218 by session token",
                        CreateCircuit.v2("session", "access", List.of("f1", "f2"), "", Map.of(1003, KEY))
                                .frame(),
                        f -> CreateCircuit.read(f).frame()),
                new Vector(
                        "CreateCircuitV3",
                        "20222 by identity and service",
                        new CreateCircuit(null, "access", List.of("f1"), "east", Map.of(), "id", "svc", "cid").frame(),
                        f -> CreateCircuit.read(f).frame()),
                new Vector(
                        "CircuitCreated",
                        "20219 answer to request 3",
                        new CircuitCreated("cid", "address", Map.of(1003, KEY), Map.of("serviceId", "svc"))
                                .reply(request(ContentType.CREATE_CIRCUIT_V2)),
                        f -> CircuitCreated.read(f).reply(request(ContentType.CREATE_CIRCUIT_V2))),
                new Vector(
                        "CircuitRefused",
                        "20002 answer to request 3",
                        new CircuitRefused(EdgeError.ACCESS_DENIED, "no", RetryHint.NOT_RETRIABLE, "cid")
                                .reply(request(ContentType.CREATE_CIRCUIT_V2)),
                        f -> CircuitRefused.read(f).reply(request(ContentType.CREATE_CIRCUIT_V2))),
                new Vector(
                        "RouteResult",
                        "1022 success of attempt 1, with the host's key",
                        RouteResult.success("cid", 1, Map.of(1003, KEY)).frame(3),
                        f -> RouteResult.read(f).frame(f.replyFor())),
                new Vector(
                        "RouteResultFailed",
                        "1022 failure of attempt 0",
                        RouteResult.failure("cid", 0, RouteError.CONNECTION_REFUSED, "refused")
                                .frame(3),
                        f -> RouteResult.read(f).frame(f.replyFor())));
    }

    private static Stream<Vector> channel() {
        return Stream.of(new Vector(
                "Result",
                "2 answer to request 3, yes",
                FrameBuilder.result(request(ContentType.HELLO), true, "ok"),
                f -> FrameBuilder.result(request(ContentType.HELLO), f.bool(Header.RESULT_SUCCESS), f.bodyText())));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void bothWays(Vector vector) throws IOException {
        byte[] written = Rewrite.bytes(vector.frame(), 7);
        Path file = FILES.resolve(vector.name() + ".hex");
        if ("write".equals(System.getProperty("postern.vectors"))) {
            Files.writeString(file, "# " + vector.about() + ", sequence 7\n" + lines(written));
        }
        byte[] golden = HexFormat.of().parseHex(hex(file));
        assertThat(written).isEqualTo(golden);
        Frame frame = Rewrite.read(golden);
        assertThat(Rewrite.bytes(vector.rewrite().apply(frame), 7)).isEqualTo(golden);
    }

    private static String hex(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(String::strip)
                    .collect(Collectors.joining());
        }
    }

    private static String lines(byte[] bytes) {
        return HexFormat.of().formatHex(bytes).replaceAll("(.{64})", "$1\n").stripTrailing() + "\n";
    }

    private static Frame request(int contentType) {
        return Rewrite.read(Rewrite.bytes(FrameBuilder.of(contentType), 3));
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
