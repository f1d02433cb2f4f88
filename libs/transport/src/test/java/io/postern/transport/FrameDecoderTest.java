package io.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.fabric.channel.ChannelEngine;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.FrameLimits;
import io.postern.wire.Header;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames out of whatever pieces they arrive in; the bytes of a body stay where the socket put them. */
class FrameDecoderTest {
    private static final int BODY = 60_000;

    /** Counts what was not given back. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    private final FrameDecoder decoder = new FrameDecoder(allocator);

    @AfterEach
    void nothingLeaks() {
        decoder.release();
        assertThat(used()).isZero();
    }

    private long used() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    private static byte[] wire(int sequence, byte[] body) {
        ByteBuf whole = FrameBuilder.of(ContentType.XG_PAYLOAD)
                .string(Header.XGRESS_CIRCUIT_ID, "circuit")
                .u64(Header.XGRESS_SEQUENCE, sequence)
                .body(body)
                .encode(UnpooledByteBufAllocator.DEFAULT, sequence);
        byte[] bytes = new byte[whole.readableBytes()];
        whole.readBytes(bytes);
        whole.release();
        return bytes;
    }

    private ByteBuf piece(byte[] bytes, int from, int to) {
        return allocator.buffer(to - from).writeBytes(bytes, from, to - from);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest(name = "in pieces of {0}")
    @ValueSource(ints = {1, 3, 19, 100, 511, 512, 4095, 16_384, 65_536, 1_000_000})
    void anyPiecesMakeTheSameFrames(int size) {
        decoder.limits(FrameLimits.LINK);
        int[] bodies = {0, 1, 300, 511, 512, 5_000, BODY, 7, 200_000};
        byte[] stream = new byte[0];
        for (int i = 0; i < bodies.length; i++) {
            byte[] frame = wire(i + 1, random(bodies[i]));
            byte[] longer = java.util.Arrays.copyOf(stream, stream.length + frame.length);
            System.arraycopy(frame, 0, longer, stream.length, frame.length);
            stream = longer;
        }
        int next = 0;
        for (int at = 0; at < stream.length; at += size) {
            decoder.offer(piece(stream, at, Math.min(stream.length, at + size)));
            for (Frame frame = decoder.next(); frame != null; frame = decoder.next()) {
                assertThat(frame.sequence()).isEqualTo(next + 1);
                assertThat(frame.string(Header.XGRESS_CIRCUIT_ID)).isEqualTo("circuit");
                assertThat(frame.bodyBytes()).isEqualTo(random(bodies[next++]));
                frame.release();
            }
        }
        assertThat(next).isEqualTo(bodies.length);
    }

    /** What a transit router does: in, renumbered, out. Changing the bytes that came in changes those that go out. */
    @ParameterizedTest(name = "cut at {0}")
    @ValueSource(ints = {5, 30, 512, 20_000, BODY - 100})
    void aFrameThatIsPassedOnIsNotCopied(int cut) {
        decoder.limits(FrameLimits.LINK);
        byte[] wire = wire(1, random(BODY));
        ByteBuf first = piece(wire, 0, cut);
        ByteBuf second = piece(wire, cut, wire.length);
        decoder.offer(first.retain());
        assertThat(decoder.next()).isNull();
        decoder.offer(second.retain());
        Frame frame = decoder.next();

        EmbeddedChannel out = new EmbeddedChannel();
        ChannelEngine<java.util.concurrent.CompletableFuture<Frame>> engine =
                new ChannelEngine<>(null, Duration.ZERO, 0);
        engine.nextSequence();
        new FrameWriter(out, engine, Long.MAX_VALUE).write(new Outbox.Forwarded(frame));
        out.flush();
        ByteBuf sent = out.readOutbound();

        assertThat(sent.getIntLE(8)).as("the new number").isEqualTo(2);
        int head = wire.length - BODY;
        for (int at : new int[] {head, head + 600, head + BODY / 2, head + BODY - 1}) {
            boolean inFirst = at < cut;
            if ((inFirst ? cut : wire.length - cut) < FrameDecoder.GATHERED) {
                continue;
            }
            int place = inFirst ? at : at - cut;
            (inFirst ? first : second).setByte(place, ~wire[at]);
            assertThat(sent.getByte(at)).as("byte %d", at).isEqualTo((byte) ~wire[at]);
        }
        sent.release();
        first.release();
        second.release();
        out.finishAndReleaseAll();
    }

    @Test
    void anAnnouncedLengthAloneCostsNothing() {
        decoder.limits(FrameLimits.CONTROL);
        byte[] wire = wire(1, new byte[FrameLimits.CONTROL.body() / 2]);
        decoder.offer(piece(wire, 0, 100));
        assertThat(decoder.next()).isNull();
        assertThat(used()).isLessThan(10_000);
    }

    @Test
    void crumbsAreGathered() {
        decoder.limits(FrameLimits.LINK);
        byte[] wire = wire(1, random(BODY));
        for (int at = 0; at < wire.length - 1; at++) {
            decoder.offer(piece(wire, at, at + 1));
            assertThat(decoder.next()).isNull();
        }
        assertThat(used()).isLessThan(2 * BODY);
    }
}
