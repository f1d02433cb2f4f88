package io.postern.router.link;

import io.postern.fabric.link.LinkKey;
import io.postern.transport.Channel;
import java.time.Duration;

/** One Link that is up. The mutable parts belong to the loop of {@link Links}. */
final class Link {
    private static final long UNRESPONSIVE_NANOS = 8_888_888_888_888L;
    private static final Duration UNRESPONSIVE = Duration.ofSeconds(30);
    private static final int WINDOW = 16;

    final String id;
    final int iteration;
    final LinkKey key;
    final boolean dialled;
    final String dialAddress;
    final Channel channel;
    int rejections;
    boolean replaced;
    private final long[] samples = new long[WINDOW];
    private long count;
    private boolean silent;

    Link(String id, int iteration, LinkKey key, boolean dialled, String dialAddress, Channel channel) {
        this.id = id;
        this.iteration = iteration;
        this.key = key;
        this.dialled = dialled;
        this.dialAddress = dialAddress;
        this.channel = channel;
    }

    String routerId() {
        return key.routerId();
    }

    /** True for the first sample: it is worth a report of its own. */
    synchronized boolean sample(long nanos) {
        samples[(int) (count++ % WINDOW)] = nanos;
        return count == 1;
    }

    /** Latencies lately measured; a peer that leaves heartbeats unanswered looks very far away. */
    synchronized long[] latencies(Duration unanswered) {
        if (unanswered.compareTo(UNRESPONSIVE) > 0) {
            return new long[] {UNRESPONSIVE_NANOS};
        }
        return java.util.Arrays.copyOf(samples, (int) Math.min(count, WINDOW));
    }

    /** Whether the peer began, or ceased, to leave heartbeats unanswered since the last question: paths shall know soon. */
    synchronized boolean turnedSilent() {
        boolean now = channel.unanswered().compareTo(UNRESPONSIVE) > 0;
        boolean turned = now != silent;
        silent = now;
        return turned;
    }

    synchronized long samples() {
        return count;
    }

    @Override
    public String toString() {
        return "link " + id + " iteration " + iteration + " " + key;
    }
}
