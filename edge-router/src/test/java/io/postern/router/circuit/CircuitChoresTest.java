package io.postern.router.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.transport.Channel;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.CircuitConfirmation;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.RouterTerminatorState;
import io.postern.wire.ctrl.pb.Terminator;
import io.postern.wire.ctrl.pb.TerminatorInvalidReason;
import io.postern.wire.ctrl.pb.ValidateTerminatorsV2Request;
import io.postern.wire.ctrl.pb.ValidateTerminatorsV2Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a router does for its Circuits and Terminators besides carrying: confirms, validates, lets go. */
class CircuitChoresTest {
    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final Map<String, Channel> links = new ConcurrentHashMap<>();
    private final FakeControllers controllers = new FakeControllers();
    private final Circuits circuits = new Circuits(
            controllers,
            id -> Optional.ofNullable(links.get(id)),
            loops,
            XgressOptions.DEFAULT,
            new Circuits.Intervals(Duration.ofSeconds(60), Duration.ofMillis(100), Duration.ofMillis(200)));

    @AfterEach
    void stop() throws InterruptedException {
        circuits.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).await();
    }

    private void route(String circuitId) throws InterruptedException {
        route(circuitId, DestType.End);
    }

    private void route(String circuitId, DestType to) throws InterruptedException {
        assertThat(controllers
                        .route(Route.newBuilder()
                                .setCircuitId(circuitId)
                                .addForwards(Route.Forward.newBuilder()
                                        .setSrcAddress("in")
                                        .setDstAddress("out")
                                        .setDstType(to))
                                .build())
                        .error())
                .isNull();
    }

    @Test
    void ownersAreToldWhichCircuitsAreIdle() throws Exception {
        route("idle");
        CircuitConfirmation told = CircuitConfirmation.parseFrom(
                controllers.next(ContentType.CIRCUIT_CONFIRMATION).bodyBytes());
        assertThat(told.getCircuitIdsList()).containsExactly("idle");
        assertThat(told.getIdleTimesOrThrow("idle"))
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
    }

    /** The frame itself goes out by the other Link, with the bytes where the socket put them. */
    @Test
    void whatOnlyPassesIsNotCopied() throws Exception {
        Queue<Frame> passed = new ConcurrentLinkedQueue<>();
        links.put("out", new FakeLink("out", loops.next(), circuits, circuits) {
            @Override
            public void forward(Frame frame) {
                passed.add(frame);
            }
        });
        route("passing", DestType.Link);
        ByteBuf wire = FrameBuilder.of(ContentType.XG_PAYLOAD)
                .string(Header.XGRESS_CIRCUIT_ID, "passing")
                .u64(Header.XGRESS_SEQUENCE, 1)
                .body(new byte[10_000])
                .encode(UnpooledByteBufAllocator.DEFAULT, 1);
        Frame frame = Frame.take(wire);

        circuits.received("in", frame);

        assertThat(passed).singleElement().isSameAs(frame);
        int last = wire.writerIndex() - 1;
        wire.setByte(last, 42);
        assertThat(frame.raw().getByte(last))
                .as("the bytes that came are those that leave")
                .isEqualTo((byte) 42);
        assertThat(circuits.counters().transitBytes.sum()).isEqualTo(10_000);
        frame.release();
    }

    @Test
    void anUnrouteWithTimeWaitsForSilenceAndOneWithoutDoesNot() throws Exception {
        route("now");
        route("later");
        controllers.unroute("later", false);
        controllers.unroute("now", true);
        assertThat(circuits.circuitCount()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> circuits.circuitCount() == 0);
    }

    @Test
    void tellsWhichTerminatorsAreHostedHere() throws Exception {
        circuits.egress("edge", new EgressDialer() {
            @Override
            public CompletionStage<DialOutcome> dial(EgressRequest request) {
                return new CompletableFuture<>();
            }

            @Override
            public boolean hosts(String address) {
                return address.equals("hosted");
            }
        });
        controllers.command(
                ContentType.VALIDATE_TERMINATORS_V2,
                ValidateTerminatorsV2Request.newBuilder()
                        .addTerminators(terminator("t1", "edge", "hosted"))
                        .addTerminators(terminator("t2", "edge", "gone"))
                        .addTerminators(terminator("t3", "unheard-of", "hosted"))
                        .build()
                        .toByteArray());
        Map<String, RouterTerminatorState> states = ValidateTerminatorsV2Response.parseFrom(controllers
                        .next(ContentType.VALIDATE_TERMINATORS_V2_RESPONSE)
                        .bodyBytes())
                .getStatesMap();
        assertThat(states.get("t1").getValid()).isTrue();
        assertThat(states.get("t1").getMarker()).isEqualTo(7);
        assertThat(states.get("t2").getReason()).isEqualTo(TerminatorInvalidReason.UnknownTerminator);
        assertThat(states.get("t3").getReason()).isEqualTo(TerminatorInvalidReason.UnknownBinding);
    }

    private static Terminator terminator(String id, String binding, String address) {
        return Terminator.newBuilder()
                .setId(id)
                .setBinding(binding)
                .setAddress(address)
                .setMarker(7)
                .build();
    }
}
