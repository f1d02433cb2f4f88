package io.postern.router.edge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connection ids of one Channel: dialled connections, accepted ones and binds share one number space. Clients take
 * theirs below 2^31, the router above, upwards, and round again. Confined to the Channel's loop. Source: SDK sheet 5.3.
 */
final class ConnectionTable<E> {
    private static final int FIRST_OF_ROUTER = Integer.MIN_VALUE;

    private final Map<Integer, E> entries = new HashMap<>();
    private final int most;
    private int next = FIRST_OF_ROUTER;

    ConnectionTable(int most) {
        this.most = most;
    }

    /** Why a client may not use this id for something new, or null. */
    @Nullable
    String refusal(int connId) {
        if (connId < 0) {
            return "connection id " + Integer.toUnsignedString(connId) + " is not for clients to choose";
        }
        if (entries.containsKey(connId)) {
            return "connection id " + connId + " is in use";
        }
        return full() ? "too many connections on this channel" : null;
    }

    boolean full() {
        return entries.size() >= most;
    }

    /** The next free id of the router, as it stands on the wire: 2^31 is the most negative integer. */
    int allocate() {
        int id = next;
        while (entries.containsKey(id)) {
            id = after(id);
        }
        next = after(id);
        return id;
    }

    private static int after(int id) {
        return id == -1 ? FIRST_OF_ROUTER : id + 1;
    }

    void put(int connId, E entry) {
        entries.put(connId, entry);
    }

    @Nullable
    E get(int connId) {
        return entries.get(connId);
    }

    /** Only if it is still that entry: a late end must not remove a successor. */
    void remove(int connId, E entry) {
        entries.remove(connId, entry);
    }

    int size() {
        return entries.size();
    }

    /** A copy, so that ending entries while walking is safe. */
    List<E> all() {
        return new ArrayList<>(entries.values());
    }

    Collection<E> allThat(Predicate<E> condition) {
        return entries.values().stream().filter(condition).toList();
    }
}
