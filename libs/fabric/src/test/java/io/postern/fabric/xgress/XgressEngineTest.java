package io.postern.fabric.xgress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.AsciiString;
import io.postern.testkit.SimNet;
import io.postern.testkit.SimNet.Conditions;
import io.postern.wire.xgress.Acknowledgement;
import io.postern.wire.xgress.Payload;
import io.postern.wire.xgress.PayloadHeaders;
import io.postern.wire.xgress.XgressFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against itself over a simulated network; every buffer must have been given back at the end. */
class XgressEngineTest {
    private static final long MILLI = 1_000_000L;
    private static final Conditions BAD = new Conditions(0.05, 0.01, 0.1, 10 * MILLI, 2 * MILLI, 50_000_000, 1_000_000);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    private int ends;

    @AfterEach
    void nothingLeaks() {
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void carriesBulkBothWaysOverALossyReorderingPath(long seed) throws Exception {
        SimNet net = new SimNet(seed);
        SimEnd a = end(net, true);
        SimEnd b = end(net, false);
        SimEnd.join(a, b, net.pipe(BAD), net.pipe(BAD));
        a.write(8_000_000, true);
        b.write(5_000_000, true);
        run(net, Duration.ofSeconds(60), () -> a.engine.isFinished() && b.engine.isFinished(), a, b);
        assertThat(b.hashOfRead()).as("seed %d", seed).isEqualTo(a.hashOfWritten());
        assertThat(a.hashOfRead()).as("seed %d", seed).isEqualTo(b.hashOfWritten());
        assertThat(b.engine.isOver()).isTrue();
        assertThat(a.engine.counters().retransmitted()).isPositive();
    }

    @ParameterizedTest(name = "{0} ends, other {1}, loss {2}")
    @CsvSource({
        "true,ends,0", "true,ends,0.3", "false,ends,0", "false,ends,0.3",
        "true,closes,0", "true,closes,0.3", "false,closes,0", "false,closes,0.3"
    })
    void oneDirectionMayEndBeforeTheOther(boolean initiatorEndsFirst, String then, double loss) throws Exception {
        SimNet net = new SimNet(7);
        Conditions path = new Conditions(loss, 0, 0, 5 * MILLI, MILLI, 0, 0);
        SimEnd a = end(net, true);
        SimEnd b = end(net, false);
        SimEnd.join(a, b, net.pipe(path), net.pipe(path));
        SimEnd first = initiatorEndsFirst ? a : b;
        SimEnd second = initiatorEndsFirst ? b : a;
        first.write(1000, true);
        second.write(500_000, false);
        run(net, Duration.ofSeconds(60), () -> second.ended && first.readBytes == 500_000, a, b);
        assertThat(first.ended).isFalse();
        assertThat(first.engine.isOver()).isFalse();
        if (then.equals("ends")) {
            second.engine.endOfInput(net.now());
        } else {
            second.engine.close("application closed", net.now());
        }
        run(net, Duration.ofSeconds(60), () -> a.engine.isFinished() && b.engine.isFinished(), a, b);
        assertThat(first.engine.isOver()).isTrue();
        assertThat(first.ended).as("both have ended: nothing is half closed").isFalse();
        assertThat(first.hashOfRead()).isEqualTo(second.hashOfWritten());
        assertThat(second.hashOfRead()).isEqualTo(first.hashOfWritten());
    }

    @Test
    void closeSendsWhatWasOfferedAndEndsTheOtherSide() {
        SimNet net = new SimNet(11);
        SimEnd a = end(net, true);
        SimEnd b = end(net, false);
        join(net, a, b);
        a.write(300_000, false);
        b.write(10_000_000, false);
        run(net, Duration.ofMillis(20), () -> a.toWrite == 0 && b.readBytes > 0, a, b);
        a.engine.close("gone", net.now());
        run(net, Duration.ofSeconds(40), () -> a.engine.isFinished() && b.engine.isOver(), a, b);
        assertThat(b.readBytes).isEqualTo(300_000);
        assertThat(a.engine.reason()).isEqualTo("gone");
        run(net, Duration.ofSeconds(40), b.engine::isFinished, a, b);
    }

    /** Whoever sits behind an end can tell a half close from a close without waiting for what may follow. */
    @ParameterizedTest(name = "initiator closes {0}, loss {1}, seed {2}")
    @CsvSource({"true,0,1", "false,0,1", "true,0.3,2", "false,0.3,3", "true,0.3,4", "false,0.3,5"})
    void aCloseForGoodIsNeverTakenForAHalfClose(boolean initiatorCloses, double loss, long seed) throws Exception {
        SimNet net = new SimNet(seed);
        Conditions path = new Conditions(loss, 0.05, 0.3, 5 * MILLI, 4 * MILLI, 0, 0);
        SimEnd a = end(net, true);
        SimEnd b = end(net, false);
        SimEnd.join(a, b, net.pipe(path), net.pipe(path));
        SimEnd closing = initiatorCloses ? a : b;
        SimEnd other = initiatorCloses ? b : a;
        closing.write(200_000, false);
        other.write(50_000, false);
        run(net, Duration.ofSeconds(60), () -> closing.toWrite == 0 && closing.readBytes == 50_000, a, b);
        closing.engine.close("", net.now());
        run(net, Duration.ofSeconds(60), () -> a.engine.isFinished() && b.engine.isFinished(), a, b);
        assertThat(other.engine.isOver()).isTrue();
        assertThat(other.ended).as("seed %d", seed).isFalse();
        assertThat(other.hashOfRead()).isEqualTo(closing.hashOfWritten());
    }

    /** As stock routers send them: the end first, that nothing is taken any more behind it. */
    @Test
    void aStockCloseThatArrivesTogetherIsNoHalfClose() {
        XgressEngine engine = XgressEngine.terminator(AsciiString.of("c"), XgressOptions.DEFAULT, 1, 0);
        SimEnd application = end(new SimNet(1), false);
        engine.receive(stock(0, XgressFlags.CIRCUIT_START, PayloadHeaders.capabilities(XgressFlags.CAPABILITY_EOF)), 1);
        engine.receive(stock(1, XgressFlags.EOF, PayloadHeaders.NONE), 2);
        engine.receive(stock(2, XgressFlags.WRITE_FAILED, PayloadHeaders.NONE), 2);
        engine.deliver(application, 3);
        assertThat(application.ended).isFalse();
        assertThat(engine.isOver()).isTrue();
        engine.abort("");
    }

    private static Payload stock(long sequence, int flags, PayloadHeaders headers) {
        return new Payload(AsciiString.of("c"), sequence, flags, 1, headers, Unpooled.EMPTY_BUFFER);
    }

    @Test
    void aPeerWithoutEofIsToldCircuitEnd() {
        XgressEngine engine = XgressEngine.initiator(AsciiString.of("c"), XgressOptions.DEFAULT, 1);
        engine.endOfInput(0);
        assertThat(engine.nextPayload(1).flags()).isEqualTo(XgressFlags.CIRCUIT_START);
        assertThat(engine.nextPayload(2)).as("waits for the capabilities").isNull();
        engine.receive(
                new Payload(
                        AsciiString.of("c"),
                        0,
                        XgressFlags.ORIGINATOR,
                        0,
                        PayloadHeaders.capabilities(0),
                        Unpooled.EMPTY_BUFFER),
                3);
        assertThat(engine.nextPayload(4).flags()).isEqualTo(XgressFlags.CIRCUIT_END);
        engine.abort("");
    }

    @Test
    void aTerminatorThatIsNeverStartedGivesUp() {
        XgressEngine engine = XgressEngine.terminator(AsciiString.of("c"), XgressOptions.DEFAULT, 1, 0);
        engine.offer(allocator.buffer(4).writeInt(1), PayloadHeaders.NONE);
        assertThat(engine.nextPayload(1)).isNull();
        long deadline = engine.nextTick();
        assertThat(deadline).isEqualTo(Duration.ofMinutes(3).toNanos());
        engine.tick(deadline);
        assertThat(engine.isFinished()).isTrue();
        assertThat(engine.reason()).contains("not started");
    }

    @Test
    void dropsItsOwnPayloads() {
        XgressEngine engine = XgressEngine.initiator(AsciiString.of("c"), XgressOptions.DEFAULT, 1);
        Payload own = engine.nextPayload(1);
        engine.receive(own, 2);
        assertThat(engine.counters().mirrored()).isOne();
        assertThat(engine.nextAcknowledgement(1000 * MILLI)).isNull();
        engine.abort("");
    }

    @Test
    void keepsTheHeadersOfABody() {
        SimNet net = new SimNet(13);
        List<String> seen = new ArrayList<>();
        SimEnd a = end(net, true);
        SimEnd b = end(net, false);
        join(net, a, b);
        XgressReceiver receiver = new XgressReceiver() {
            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public void data(io.netty.buffer.ByteBuf body, PayloadHeaders headers) {
                seen.add(body.readableBytes() + "/" + headers.flags() + "/" + (headers.uuid() != null));
                body.release();
            }

            @Override
            public void endOfData() {
                seen.add("end");
            }
        };
        a.engine.offer(allocator.buffer(3).writeZero(3), PayloadHeaders.of(new byte[16], 4));
        a.engine.offer(Unpooled.EMPTY_BUFFER, PayloadHeaders.FINISHED);
        a.engine.endOfInput(net.now());
        b.ready = false;
        run(net, Duration.ofSeconds(1), () -> false, a, b);
        b.engine.deliver(receiver, net.now());
        assertThat(seen).containsExactly("3/4/true", "0/1/false", "end");
        a.engine.abort("");
        b.engine.abort("");
    }

    @Test
    void aSlowReaderSlowsTheWriterAndNothingIsDropped() throws Exception {
        SimNet net = new SimNet(17);
        SimEnd a = end(net, true);
        SimEnd b = end(net, false);
        join(net, a, b);
        b.ready = false;
        a.write(20_000_000, true);
        run(net, Duration.ofSeconds(30), () -> false, a, b);
        assertThat(a.engine.counters().sentBytes()).isLessThan(5_500_000);
        assertThat(a.toWrite).isPositive();
        b.ready = true;
        b.write(0, true);
        run(net, Duration.ofSeconds(60), () -> a.engine.isFinished() && b.engine.isFinished(), a, b);
        assertThat(b.hashOfRead()).isEqualTo(a.hashOfWritten());
    }

    @Test
    void understandsAPeerThatAcknowledgesSingly() {
        XgressEngine engine = XgressEngine.initiator(AsciiString.of("c"), XgressOptions.DEFAULT, 1);
        for (int i = 0; i < 3; i++) {
            engine.offer(allocator.buffer(100).writeZero(100), PayloadHeaders.NONE);
        }
        List<Payload> sent = new ArrayList<>();
        for (Payload p = engine.nextPayload(MILLI); p != null; p = engine.nextPayload(MILLI)) {
            sent.add(p);
        }
        assertThat(sent).hasSize(4);
        for (Payload p : sent) {
            engine.receive(
                    new Acknowledgement(
                            AsciiString.of("c"), XgressFlags.ORIGINATOR, -1, p.rtt(), new int[] {(int) p.sequence()}),
                    2 * MILLI);
            p.release();
        }
        assertThat(engine.unacknowledged()).isZero();
        assertThat(engine.nextTick()).isEqualTo(Long.MAX_VALUE);
        engine.abort("");
    }

    @ParameterizedTest(name = "queue {0} bytes, delay {1} ms")
    @CsvSource({"400000,10", "100000,2", "3000000,40"})
    void manyStreamsShareANarrowLinkWithoutCollapse(long queue, long delay) {
        SimNet net = new SimNet(23);
        long rate = 12_500_000;
        SimNet.Pipe there = net.pipe(new Conditions(0, 0, 0, delay * MILLI, 0, rate, queue));
        SimNet.Pipe back = net.pipe(Conditions.perfect(delay * MILLI));
        SimEnd[] ends = new SimEnd[64];
        for (int i = 0; i < 32; i++) {
            SimEnd a = ends[2 * i] = end(net, true);
            SimEnd b = ends[2 * i + 1] = end(net, false);
            SimEnd.join(a, b, there, back);
            a.mostBody = 16 * 1024;
            a.write(Long.MAX_VALUE, false);
        }
        long start = net.now();
        run(net, Duration.ofSeconds(8), () -> false, ends);
        long read = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 32; i++) {
            read += ends[2 * i + 1].readBytes;
            least = Math.min(least, ends[2 * i + 1].readBytes);
        }
        double share = read / (rate * (net.now() - start) / 1e9);
        for (SimEnd end : ends) {
            end.engine.abort("");
        }
        assertThat(share).as("seed %d", net.seed()).isGreaterThan(0.7);
        assertThat(least).as("poorest of them, seed %d", net.seed()).isPositive();
    }

    private SimEnd end(SimNet net, boolean initiator) {
        return new SimEnd(net, initiator, ends++, XgressOptions.DEFAULT, allocator);
    }

    private static void join(SimNet net, SimEnd a, SimEnd b) {
        SimEnd.join(a, b, net.pipe(Conditions.perfect(MILLI)), net.pipe(Conditions.perfect(MILLI)));
    }

    /** Until the condition holds or the time is up. */
    static void run(SimNet net, Duration limit, BooleanSupplier until, SimEnd... ends) {
        long end = net.now() + limit.toNanos();
        while (net.now() < end && !until.getAsBoolean()) {
            long next = net.nextEvent();
            for (SimEnd each : ends) {
                each.pump();
                next = Math.min(next, each.engine.nextTick());
            }
            next = Math.min(next, net.nextEvent());
            net.advanceTo(Math.min(end, Math.max(next, net.now() + 1000)));
        }
    }
}
