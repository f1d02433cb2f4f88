package io.postern.fabric.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.postern.fabric.channel.ChannelEngine.GiveUp;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChannelEngineTest {
    private static final long SECOND = 1_000_000_000L;
    private final ChannelEngine<String> engine = new ChannelEngine<>(Heartbeats.CONTROL, Duration.ZERO, 0);

    private static Frame frame(FrameBuilder builder) {
        return Frame.take(builder.encode(ByteBufAllocator.DEFAULT, 7));
    }

    @Test
    void repliesFindTheirWaiterOnce() {
        int request = engine.nextSequence();
        engine.await(request, "waiter", 5 * SECOND);
        Frame reply = frame(FrameBuilder.of(ContentType.RESULT).i32(Header.REPLY_FOR, request));
        assertThat(engine.receive(reply, 1)).isEqualTo(new ChannelEngine.Reply<>("waiter"));
        assertThat(engine.receive(reply, 2)).isInstanceOf(ChannelEngine.Deliver.class);
        reply.release();
    }

    @Test
    void aReplyBeforeItsRequestIsNoReplyAndTakesNothingFromIt() {
        Frame early = frame(FrameBuilder.of(ContentType.RESULT).i32(Header.REPLY_FOR, 1));
        assertThat(engine.receive(early, 1)).isInstanceOf(ChannelEngine.Deliver.class);
        int request = engine.nextSequence();
        assertThat(request).isOne();
        engine.await(request, "waiter", 5 * SECOND);
        assertThat(engine.receive(early, 2)).isEqualTo(new ChannelEngine.Reply<>("waiter"));
        early.release();
    }

    @Test
    void sequencesMayComeTwiceAndInAnyOrder() {
        for (int sequence : new int[] {5, 2, 2, -1, 0, 5}) {
            Frame frame = Frame.take(FrameBuilder.of(ContentType.DATA).encode(ByteBufAllocator.DEFAULT, sequence));
            assertThat(engine.receive(frame, 1)).isInstanceOf(ChannelEngine.Deliver.class);
            frame.release();
        }
    }

    @Test
    void aSecondHelloIsMisplaced() {
        Frame hello = frame(FrameBuilder.of(ContentType.HELLO).body("again"));
        assertThat(engine.receive(hello, 1)).isEqualTo(new ChannelEngine.Misplaced<>("hello on an open channel"));
        hello.release();
    }

    @Test
    void waitersExpire() {
        engine.await(engine.nextSequence(), "early", 2 * SECOND);
        engine.await(engine.nextSequence(), "late", 9 * SECOND);
        assertThat(engine.expire(SECOND)).isEmpty();
        assertThat(engine.expire(2 * SECOND)).containsExactly("early");
        assertThat(engine.close()).containsExactly("late");
    }

    @Test
    void heartbeatsAreSentEchoedAndMeasured() {
        Frame ours = frame(engine.takeHeartbeat(SECOND));
        long stamp = ours.u64(Header.HEARTBEAT, 0);
        assertThat(engine.takeHeartbeat(2 * SECOND)).isNull();
        Frame theirs = frame(
                FrameBuilder.of(ContentType.DATA).u64(Header.HEARTBEAT, 99).u64(Header.HEARTBEAT_RESPONSE, stamp));
        assertThat(engine.receive(theirs, 3 * SECOND)).isInstanceOf(ChannelEngine.Deliver.class);
        assertThat(engine.takeRoundTrip()).hasValue(2 * SECOND);
        assertThat(theirs.has(Header.HEARTBEAT)).isFalse();
        Frame echo = frame(engine.takeHeartbeat(3 * SECOND));
        assertThat(echo.u64(Header.HEARTBEAT_RESPONSE, 0)).isEqualTo(99);
        assertThat(echo.has(Header.HEARTBEAT)).isFalse();
        ours.release();
        theirs.release();
        echo.release();
    }

    @Test
    void silenceIsGivenUp() {
        assertThat(engine.giveUp(29 * SECOND)).isNull();
        assertThat(engine.giveUp(30 * SECOND)).isEqualTo(GiveUp.UNRESPONSIVE);
        ChannelEngine<String> idle = new ChannelEngine<>(null, Duration.ofSeconds(150), 0);
        assertThat(idle.nextTick()).isEqualTo(150 * SECOND);
        assertThat(idle.giveUp(150 * SECOND)).isEqualTo(GiveUp.IDLE);
        assertThat(idle.takeHeartbeat(500 * SECOND)).isNull();
    }

    @Test
    void whoIsNotReadIsNotSilent() {
        engine.reading(false, 10 * SECOND);
        assertThat(engine.giveUp(500 * SECOND)).isNull();
        assertThat(engine.silence(500 * SECOND)).isZero();
        ChannelEngine<String> idle = new ChannelEngine<>(null, Duration.ofSeconds(150), 0);
        idle.reading(false, 10 * SECOND);
        assertThat(idle.nextTick()).isEqualTo(Long.MAX_VALUE);
        assertThat(idle.giveUp(500 * SECOND)).isNull();
        idle.reading(true, 500 * SECOND);
        assertThat(idle.nextTick()).isEqualTo(650 * SECOND);
        assertThat(idle.silence(501 * SECOND)).isEqualTo(Duration.ofSeconds(1));
        assertThat(idle.giveUp(650 * SECOND)).isEqualTo(GiveUp.IDLE);
    }

    @Test
    void foreignStampsMeasureNothing() {
        engine.takeHeartbeat(SECOND).release();
        Frame foreign = frame(FrameBuilder.of(ContentType.HEARTBEAT).u64(Header.HEARTBEAT_RESPONSE, 12));
        assertThat(engine.receive(foreign, 2 * SECOND)).isInstanceOf(ChannelEngine.Consumed.class);
        assertThat(engine.takeRoundTrip()).isEmpty();
        foreign.release();
    }
}
