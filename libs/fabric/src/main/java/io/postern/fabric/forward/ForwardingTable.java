package io.postern.fabric.forward;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Circuit to its entries on this router, source to destination. Read by every loop for every frame, so a look-up is one
 * hash of the Circuit's bytes and a comparison or two; written rarely. Safe for concurrent use. Fabric sheet 4.4.
 */
public final class ForwardingTable {
    /** A Route is told apart from its predecessors by its attempt; those of a dial may arrive in the wrong order. */
    public enum Installed {
        NEW,
        REPLACED,
        /** A later attempt is installed already; this one changes nothing. */
        STALE,
        /** The table is full. */
        REFUSED
    }

    /** @param idle nanoseconds since something was last forwarded */
    public record Idle(AsciiString circuitId, String owner, long idle) {}

    private static final class Entry {
        final int attempt;
        final String owner;
        final Forward[] forwards;
        /** Written by every loop without order: a lost update costs a moment of idleness. */
        volatile long used;

        Entry(int attempt, String owner, Forward[] forwards, long now) {
            this.attempt = attempt;
            this.owner = owner;
            this.forwards = forwards;
            this.used = now;
        }
    }

    /** Finer updates would only make loops fight for a cache line. */
    private static final long USED_STEP = 50_000_000L;

    private final ConcurrentHashMap<AsciiString, Entry> circuits = new ConcurrentHashMap<>();
    private final int limit;

    /** @param limit most Circuits */
    public ForwardingTable(int limit) {
        this.limit = limit;
    }

    /** @param owner id of the controller whose Circuit it is, which hears of its faults */
    public Installed install(AsciiString circuitId, int attempt, String owner, List<Forward> forwards, long now) {
        if (circuits.size() >= limit && !circuits.containsKey(circuitId)) {
            return Installed.REFUSED;
        }
        Entry fresh = new Entry(attempt, owner, forwards.toArray(Forward[]::new), now);
        Entry[] before = new Entry[1];
        Entry stored = circuits.compute(circuitId, (id, old) -> {
            before[0] = old;
            return old != null && Integer.compareUnsigned(old.attempt, attempt) > 0 ? old : fresh;
        });
        if (stored != fresh) {
            return Installed.STALE;
        }
        return before[0] == null ? Installed.NEW : Installed.REPLACED;
    }

    public boolean contains(AsciiString circuitId) {
        return circuits.containsKey(circuitId);
    }

    /** Where a frame goes, or null when the Circuit or the source is not known here. */
    public @Nullable Forward next(AsciiString circuitId, String source, long now) {
        Entry entry = circuits.get(circuitId);
        if (entry == null) {
            return null;
        }
        for (Forward forward : entry.forwards) {
            if (forward.source().equals(source)) {
                if (now - entry.used > USED_STEP) {
                    entry.used = now;
                }
                return forward;
            }
        }
        return null;
    }

    /** The controller whose Circuit it is, or null when the Circuit is not known. */
    public @Nullable String owner(AsciiString circuitId) {
        Entry entry = circuits.get(circuitId);
        return entry == null ? null : entry.owner;
    }

    /** The entries of a Circuit; none when it is not known. */
    public List<Forward> forwards(AsciiString circuitId) {
        Entry entry = circuits.get(circuitId);
        return entry == null ? List.of() : List.of(entry.forwards);
    }

    /** Forgets a Circuit. False when it was not known. */
    public boolean remove(AsciiString circuitId) {
        return circuits.remove(circuitId) != null;
    }

    /** Nanoseconds since something was last forwarded, 50 ms fine; MAX_VALUE when the Circuit is not known. */
    public long idle(AsciiString circuitId, long now) {
        Entry entry = circuits.get(circuitId);
        return entry == null ? Long.MAX_VALUE : Math.max(0, now - entry.used);
    }

    /** Circuits that forwarded nothing for at least so long. */
    public List<Idle> idleFor(long nanos, long now) {
        List<Idle> idle = new ArrayList<>();
        circuits.forEach((id, entry) -> {
            long since = now - entry.used;
            if (since >= nanos) {
                idle.add(new Idle(id, entry.owner, since));
            }
        });
        return idle;
    }

    /** Circuits that pass over a Link. */
    public List<AsciiString> over(String linkId) {
        List<AsciiString> found = new ArrayList<>();
        circuits.forEach((id, entry) -> {
            for (Forward forward : entry.forwards) {
                if (forward.kind() == Forward.Kind.LINK && forward.destination().equals(linkId)) {
                    found.add(id);
                    return;
                }
            }
        });
        return found;
    }

    /** Circuits in it. */
    public int size() {
        return circuits.size();
    }
}
