package io.postern.testkit;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A simulated network with its own clock: messages are lost, delayed, swapped, doubled and queued exactly as the seed
 * says. One thread; nothing happens but in {@link #advanceTo}. A failing test prints the {@link #seed}.
 */
public final class SimNet {
    /**
     * How one direction behaves.
     *
     * @param loss chance that a message vanishes, 0 to 1
     * @param duplicate chance that it arrives twice
     * @param reorder chance that it is held back by up to four times the jitter
     * @param delayNanos one way
     * @param jitterNanos added evenly at random
     * @param bytesPerSecond 0 means without limit
     * @param queueBytes what waits for the bandwidth at most; what comes then is dropped at the tail
     */
    public record Conditions(
            double loss,
            double duplicate,
            double reorder,
            long delayNanos,
            long jitterNanos,
            long bytesPerSecond,
            long queueBytes) {
        public static Conditions perfect(long delayNanos) {
            return new Conditions(0, 0, 0, delayNanos, 0, 0, 0);
        }
    }

    private record Event(long at, long number, Runnable action) {}

    private final long seed;
    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
    private long now = 1_000_000_000L;
    private long numbers;

    public SimNet(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    public long seed() {
        return seed;
    }

    /** Nanoseconds since long ago. */
    public long now() {
        return now;
    }

    /** When something will happen next, or {@link Long#MAX_VALUE}. */
    public long nextEvent() {
        return events.isEmpty() ? Long.MAX_VALUE : events.peek().at;
    }

    /** Steps the clock and lets everything happen that is due by then, in order. */
    public void advanceTo(long time) {
        while (!events.isEmpty() && events.peek().at <= time) {
            Event event = events.poll();
            now = Math.max(now, event.at);
            event.action.run();
        }
        now = Math.max(now, time);
    }

    public void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), numbers++, action));
    }

    /** One direction; several senders may share it, and its queue. */
    public Pipe pipe(Conditions conditions) {
        return new Pipe(conditions);
    }

    public final class Pipe {
        private Conditions conditions;
        private long free;
        private long sent;
        private long lost;
        private long overflowed;

        private Pipe(Conditions conditions) {
            this.conditions = conditions;
        }

        public void conditions(Conditions changed) {
            conditions = changed;
        }

        /** Carries one message to the receiver, or not. */
        public void send(byte[] message, Consumer<byte[]> receiver) {
            sent++;
            long leaves = now;
            if (conditions.bytesPerSecond > 0) {
                long start = Math.max(now, free);
                long waiting = (start - now) * conditions.bytesPerSecond / 1_000_000_000L;
                if (waiting + message.length > conditions.queueBytes) {
                    overflowed++;
                    return;
                }
                free = start + message.length * 1_000_000_000L / conditions.bytesPerSecond;
                leaves = free;
            }
            if (random.nextDouble() < conditions.loss) {
                lost++;
                return;
            }
            deliver(leaves, message, receiver);
            if (random.nextDouble() < conditions.duplicate) {
                deliver(leaves, message, receiver);
            }
        }

        private void deliver(long leaves, byte[] message, Consumer<byte[]> receiver) {
            long delay = conditions.delayNanos + (long) (random.nextDouble() * conditions.jitterNanos);
            if (random.nextDouble() < conditions.reorder) {
                delay += (long) (random.nextDouble() * 4 * Math.max(1_000_000, conditions.jitterNanos));
            }
            at(leaves + delay, () -> receiver.accept(message));
        }

        public long sent() {
            return sent;
        }

        public long lost() {
            return lost;
        }

        /** Messages dropped because the queue was full. */
        public long overflowed() {
            return overflowed;
        }
    }
}
