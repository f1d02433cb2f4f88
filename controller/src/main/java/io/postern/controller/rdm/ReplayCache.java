package io.postern.controller.rdm;

import io.postern.wire.edgectrl.pb.DataState.ChangeSet;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** The last change sets, so that a router that was away shortly need not get everything again. One thread. */
final class ReplayCache {
    private static final int MOST_SETS = 2_000;
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private final ArrayDeque<ChangeSet> sets = new ArrayDeque<>();
    private long bytes;

    void add(ChangeSet set) {
        sets.addLast(set);
        bytes += set.getSerializedSize();
        while (sets.size() > MOST_SETS || bytes > MOST_BYTES) {
            bytes -= sets.removeFirst().getSerializedSize();
        }
    }

    /** The sets that lead from an index to the newest one, oldest first; empty when the chain does not reach back. */
    Optional<List<ChangeSet>> after(long index) {
        List<ChangeSet> later =
                sets.stream().filter(set -> set.getIndex() > index).toList();
        return later.isEmpty() || later.getFirst().getPreviousIndex() != index ? Optional.empty() : Optional.of(later);
    }
}
