package io.postern.controller.replica;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All controllers at one moment, as one of them sees it. Pure.
 *
 * @param self the id of the one that looks
 * @param version grows whenever one comes, goes or moves; 0 when nothing was read yet
 * @param all eldest first
 */
public record ReplicaSet(String self, long version, List<Replica> all) {
    public ReplicaSet {
        all = List.copyOf(all);
    }

    public static ReplicaSet unread(String self) {
        return new ReplicaSet(self, 0, List.of());
    }

    public Optional<Replica> own() {
        return all.stream().filter(each -> each.id().equals(self)).findFirst();
    }

    /** The others that live. */
    public List<Replica> peers() {
        return all.stream()
                .filter(each -> each.online() && !each.id().equals(self))
                .toList();
    }

    /** What a router says of itself to another controller that lives; empty when none has a control channel of it. */
    public Optional<RouterSeen> elsewhere(String routerId) {
        return all.stream()
                .filter(each -> each.online() && !each.id().equals(self))
                .flatMap(each -> Optional.ofNullable(each.routers().get(routerId)).stream())
                .findFirst();
    }

    /** The routers with a control channel to another controller that lives. */
    public Set<String> elsewhere() {
        Set<String> ids = new TreeSet<>();
        peers().forEach(each -> ids.addAll(each.routers().keySet()));
        return ids;
    }

    /** Whether this is the living one that joined first: it does what one has to do for all. */
    public boolean isEldest() {
        return all.stream()
                .filter(Replica::online)
                .findFirst()
                .filter(each -> each.id().equals(self))
                .isPresent();
    }
}
