package io.postern.fabric.channel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who waits for the reply to which sequence, and until when. Times are nanoseconds of one monotonic clock. */
final class Replies<W> {
    private record Waiting<W>(W waiter, long deadline) {}

    private final int most;
    private final Map<Integer, Waiting<W>> waiting = new HashMap<>();
    private long next = Long.MAX_VALUE;

    Replies(int most) {
        this.most = most;
    }

    boolean isFull() {
        return waiting.size() >= most;
    }

    void add(int sequence, W waiter, long deadline) {
        waiting.put(sequence, new Waiting<>(waiter, deadline));
        next = Math.min(next, deadline);
    }

    @Nullable
    W take(int sequence) {
        Waiting<W> found = waiting.remove(sequence);
        return found == null ? null : found.waiter;
    }

    /** When {@link #expire} has something to do; may be too early, is never too late. */
    long next() {
        return next;
    }

    List<W> expire(long now) {
        if (now < next) {
            return List.of();
        }
        List<W> expired = new ArrayList<>();
        long earliest = Long.MAX_VALUE;
        for (Iterator<Waiting<W>> i = waiting.values().iterator(); i.hasNext(); ) {
            Waiting<W> entry = i.next();
            if (entry.deadline <= now) {
                i.remove();
                expired.add(entry.waiter);
            } else {
                earliest = Math.min(earliest, entry.deadline);
            }
        }
        next = earliest;
        return expired;
    }

    List<W> drain() {
        List<W> all = new ArrayList<>();
        waiting.values().forEach(entry -> all.add(entry.waiter));
        waiting.clear();
        next = Long.MAX_VALUE;
        return all;
    }
}
