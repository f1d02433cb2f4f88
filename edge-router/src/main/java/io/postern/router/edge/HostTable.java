package io.postern.router.edge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which terminators are hosted behind this router, and which of two binds of one listener counts. Knows no Channels, only
 * their ids. Thread-safe. Source: SDK sheet 5.5 "ListenerId".
 */
final class HostTable<B> {
    /**
     * What decides about a bind.
     *
     * @param listenerId in hex; absent for clients that do not know it
     */
    record Claim(
            String channelId,
            int connId,
            String sessionToken,
            String identityId,
            String serviceId,
            @Nullable String listenerId) {

        /** The client asks again for what it has: the answer was lost on its side. */
        boolean repeats(Claim other) {
            return channelId.equals(other.channelId)
                    && connId == other.connId
                    && sessionToken.equals(other.sessionToken);
        }

        /** On one channel ids only grow, so a lower one is the older wish, overtaken on its way. */
        boolean staleBeside(Claim other) {
            return channelId.equals(other.channelId)
                    && Integer.compareUnsigned(connId, other.connId) < 0
                    && listenerId != null;
        }

        @Override
        public String toString() {
            return "claim channelId=" + channelId + " connId=" + connId;
        }
    }

    sealed interface Admission<B> {}

    /** Nobody is in the way. */
    record Fresh<B>(String terminatorId) implements Admission<B> {}

    /** The same bind again: acknowledge, change nothing. */
    record Repeated<B>(B standing) implements Admission<B> {}

    /** A newer bind of the same listener: it inherits the terminator, the older one is closed. */
    record TakesOver<B>(String terminatorId, B older) implements Admission<B> {}

    /** An older bind of the same listener: no answer. */
    record Stale<B>() implements Admission<B> {}

    private record Entry<B>(Claim claim, String terminatorId, B bound) {}

    private record Listener(String identityId, String serviceId, String listenerId) {}

    private final Map<String, Entry<B>> byTerminator = new HashMap<>();
    private final Map<Listener, Entry<B>> byListener = new HashMap<>();

    /**
     * Decides, without changing anything.
     *
     * @param repeated the bind that this Channel already has under the same connection id, if any
     */
    synchronized Admission<B> admit(Claim claim, @Nullable B repeated, Supplier<String> newTerminatorId) {
        Entry<B> standing = claim.listenerId == null ? byBound(repeated) : byListener.get(listener(claim));
        if (standing == null) {
            return new Fresh<>(newTerminatorId.get());
        }
        if (claim.repeats(standing.claim)) {
            return new Repeated<>(standing.bound);
        }
        if (claim.staleBeside(standing.claim)) {
            return new Stale<>();
        }
        return new TakesOver<>(standing.terminatorId, standing.bound);
    }

    private @Nullable Entry<B> byBound(@Nullable B bound) {
        return bound == null
                ? null
                : byTerminator.values().stream()
                        .filter(entry -> entry.bound == bound)
                        .findAny()
                        .orElse(null);
    }

    private static Listener listener(Claim claim) {
        return new Listener(claim.identityId, claim.serviceId, String.valueOf(claim.listenerId));
    }

    synchronized void put(Claim claim, String terminatorId, B bound) {
        Entry<B> entry = new Entry<>(claim, terminatorId, bound);
        byTerminator.put(terminatorId, entry);
        if (claim.listenerId != null) {
            byListener.put(listener(claim), entry);
        }
    }

    /** True if it was this bind's still: one that was taken over has nothing left to remove. */
    synchronized boolean remove(String terminatorId, B bound) {
        Entry<B> entry = byTerminator.get(terminatorId);
        if (entry == null || entry.bound != bound) {
            return false;
        }
        byTerminator.remove(terminatorId);
        if (entry.claim.listenerId != null) {
            byListener.remove(listener(entry.claim), entry);
        }
        return true;
    }

    synchronized Optional<B> byTerminator(String terminatorId) {
        return Optional.ofNullable(byTerminator.get(terminatorId)).map(Entry::bound);
    }

    synchronized Collection<B> all() {
        List<B> all = new ArrayList<>();
        byTerminator.values().forEach(entry -> all.add(entry.bound));
        return all;
    }
}
