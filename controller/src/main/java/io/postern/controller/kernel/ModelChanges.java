package io.postern.controller.kernel;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Consumer;

/**
 * The committed changes of the model, of every replica, in the order of their one strictly increasing index (which is
 * the router data model's index).
 *
 * <p>Who needs the state as well registers first, then reads {@link #lastIndex()} and the state in one transaction, and
 * skips sets up to that index.
 */
public interface ModelChanges {
    /**
     * Begins to tell, with an empty set of this index, then of all that was committed after it. Called once, by who has read the
     * model up to {@code index}; nobody is told of anything before.
     *
     * @throws IllegalStateException it has begun
     */
    void begin(long index);

    /**
     * Calls the observer once per set, one after another, on an event loop; it must not block. A set reaches it some
     * milliseconds after its commit, and again after nothing: a lost database connection delays sets and loses none.
     *
     * @return ends the observation
     */
    Runnable observe(Consumer<ModelChangeSet> observer);

    /** The index of the last committed change, 0 before the first. */
    Uni<Long> lastIndex();

    /** Sets after {@code index}, oldest first, {@code most} at most. Old sets are forgotten: see {@link #oldestIndex()}. */
    Uni<List<ModelChangeSet>> since(long index, int most);

    /** The oldest index that {@link #since} can still tell, 0 when there is none. */
    Uni<Long> oldestIndex();
}
