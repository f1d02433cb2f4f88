package io.postern.fabric.channel;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The life of one open Channel after its hello. Numbers outgoing frames from 1, matches replies, answers latency
 * probes and pings, sends and echoes heartbeats, and says when the peer is to be given up.
 *
 * <p>All times are nanoseconds of one clock that never goes back; the value also travels as heartbeat stamp, which peers
 * echo without looking at it. Confined to one thread. Source: fabric sheet 0.5, SDK sheet 4.2, 4.6.
 *
 * @param <W> whoever waits for a reply
 */
public final class ChannelEngine<W> {
    /** What became of a received frame. In every case but {@link Deliver} the frame is still the caller's to release. */
    public sealed interface Received<W> {}

    /** For the handler: it is no business of the channel. */
    public record Deliver<W>() implements Received<W> {}

    /** It answers a request. @param waiter who awaited it */
    public record Reply<W>(W waiter) implements Received<W> {}

    /** It asks for an answer. @param frame to be sent */
    public record Answer<W>(FrameBuilder frame) implements Received<W> {}

    /** A heartbeat; nothing is left to do. */
    public record Consumed<W>() implements Received<W> {}

    /** A frame that has no place in an open channel, which is to be closed. */
    public record Misplaced<W>(String what) implements Received<W> {}

    /** Why the engine wants the channel closed. */
    public enum GiveUp {
        UNRESPONSIVE,
        IDLE
    }

    private static final int MOST_WAITERS = 65_536;

    private final Replies<W> replies = new Replies<>(MOST_WAITERS);
    private final @Nullable Heartbeats heartbeats;
    private final long idle;
    private final Deliver<W> deliver = new Deliver<>();
    private final Consumed<W> consumed = new Consumed<>();
    private int sequence;
    private long lastRead;
    private long lastAnswer;
    private boolean reading = true;
    private long nextHeartbeat;
    private long sent;
    private OptionalLong echo = OptionalLong.empty();
    private OptionalLong roundTrip = OptionalLong.empty();

    /**
     * @param heartbeats null sends none and ignores the peer's
     * @param idle silence after which the peer is given up; zero never
     */
    public ChannelEngine(@Nullable Heartbeats heartbeats, Duration idle, long now) {
        this.heartbeats = heartbeats;
        this.idle = idle.toNanos();
        this.lastRead = now;
        this.lastAnswer = now;
        this.nextHeartbeat = heartbeats == null ? Long.MAX_VALUE : now;
    }

    /** The number of the next frame out; 1 follows the largest, because negative numbers are no requests. */
    public int nextSequence() {
        sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
        return sequence;
    }

    /** True when no more replies can be awaited. */
    public boolean isFull() {
        return replies.isFull();
    }

    /**
     * Awaits the reply to a request, until the deadline; the caller has asked {@link #isFull} before.
     *
     * @param request its sequence
     * @param deadline nanoseconds of the engine's clock
     */
    public void await(int request, W waiter, long deadline) {
        replies.add(request, waiter, deadline);
    }

    /**
     * Sequences name requests and nothing else: peers with several connections or priorities send them out of order, so
     * one that comes late or twice is no fault, and a reply that nobody waits for is a frame like others.
     */
    public Received<W> receive(Frame frame, long now) {
        lastRead = now;
        int contentType = frame.contentType();
        if (heartbeats != null) {
            heartbeat(frame, now);
        }
        switch (contentType) {
            case ContentType.HEARTBEAT -> {
                return consumed;
            }
            case ContentType.HELLO -> {
                return new Misplaced<>("hello on an open channel");
            }
            case ContentType.LATENCY, ContentType.PING -> {
                return new Answer<>(FrameBuilder.result(frame, true, ""));
            }
            default -> {
                int request = frame.replyFor();
                W waiter = request < 0 ? null : replies.take(request);
                return waiter == null ? deliver : new Reply<>(waiter);
            }
        }
    }

    private void heartbeat(Frame frame, long now) {
        if (frame.has(Header.HEARTBEAT)) {
            echo = OptionalLong.of(frame.u64(Header.HEARTBEAT, 0));
            frame.rename(Header.HEARTBEAT, Header.SPENT);
        }
        if (frame.has(Header.HEARTBEAT_RESPONSE)) {
            lastAnswer = now;
            if (frame.u64(Header.HEARTBEAT_RESPONSE, 0) == sent) {
                roundTrip = OptionalLong.of(now - sent);
            }
            frame.rename(Header.HEARTBEAT_RESPONSE, Header.SPENT);
        }
    }

    /** The heartbeat frame that is due now, if any: ours, the echo of the peer's, or both in one. */
    public @Nullable FrameBuilder takeHeartbeat(long now) {
        boolean due = now >= nextHeartbeat;
        if (!due && echo.isEmpty()) {
            return null;
        }
        FrameBuilder frame = FrameBuilder.of(ContentType.HEARTBEAT);
        if (due && heartbeats != null) {
            frame.u64(Header.HEARTBEAT, now);
            sent = now;
            nextHeartbeat = now + heartbeats.send().toNanos();
        }
        echo.ifPresent(stamp -> frame.u64(Header.HEARTBEAT_RESPONSE, stamp));
        echo = OptionalLong.empty();
        return frame;
    }

    /** The round trip measured since the last call, in nanoseconds. */
    public OptionalLong takeRoundTrip() {
        OptionalLong taken = roundTrip;
        roundTrip = OptionalLong.empty();
        return taken;
    }

    /** Waiters whose deadline has passed; they are forgotten. */
    public List<W> expire(long now) {
        return replies.expire(now);
    }

    /** Whether the peer is read. One that is not cannot be heard, so that its silence begins when it is read again. */
    public void reading(boolean now, long at) {
        if (now && !reading) {
            lastRead = at;
            lastAnswer = Math.max(lastAnswer, at);
        }
        reading = now;
    }

    /** How long nothing came though it would have been read. */
    public Duration silence(long now) {
        return reading ? Duration.ofNanos(now - lastRead) : Duration.ZERO;
    }

    /** Whether the peer has been silent for too long. */
    public @Nullable GiveUp giveUp(long now) {
        if (!reading) {
            return null;
        }
        if (heartbeats != null
                && now - lastAnswer >= heartbeats.closeUnresponsive().toNanos()) {
            return GiveUp.UNRESPONSIVE;
        }
        return idle > 0 && now - lastRead >= idle ? GiveUp.IDLE : null;
    }

    /** When to look again; {@link Long#MAX_VALUE} for never. */
    public long nextTick() {
        long next = Math.min(replies.next(), nextHeartbeat);
        if (!reading) {
            return next;
        }
        if (heartbeats != null) {
            next = Math.min(next, lastAnswer + heartbeats.closeUnresponsive().toNanos());
        }
        return idle > 0 ? Math.min(next, lastRead + idle) : next;
    }

    /** How long no heartbeat has been answered. */
    public Duration unanswered(long now) {
        return Duration.ofNanos(now - lastAnswer);
    }

    /** Everybody still waiting, at the end of the channel. */
    public List<W> close() {
        return replies.drain();
    }
}
