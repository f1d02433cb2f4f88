package io.postern.fabric.forward;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Circuits for which frames came that could not be forwarded, gathered until they are reported together. Bounded: a peer
 * that makes up ids fills it and is then not listened to until the next report. Safe for concurrent use.
 */
public final class UnknownCircuits {
    private static final int LIMIT = 4096;

    private final ConcurrentHashMap<AsciiString, String> seen = new ConcurrentHashMap<>();

    /** @param owner id of the controller whose Circuit it is, or empty when not known */
    public void add(AsciiString circuitId, String owner) {
        if (seen.size() < LIMIT) {
            seen.putIfAbsent(circuitId, owner);
        }
    }

    /** Takes those of one owner, at most so many. */
    public List<AsciiString> take(String owner, int most) {
        List<AsciiString> taken = new ArrayList<>();
        for (var entry : seen.entrySet()) {
            if (taken.size() == most) {
                break;
            }
            if (entry.getValue().equals(owner) && seen.remove(entry.getKey(), owner)) {
                taken.add(entry.getKey());
            }
        }
        return taken;
    }

    public List<String> owners() {
        return seen.values().stream().distinct().toList();
    }

    public boolean isEmpty() {
        return seen.isEmpty();
    }
}
