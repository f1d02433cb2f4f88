package io.postern.controller.model;

import io.postern.controller.model.Entry.PolicyKind;
import io.postern.controller.model.ModelEvent.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All policies, resolved, with an index from each entity to the policies that speak of it. An entity that changes is
 * matched against every policy; a policy that changes is matched against every entity; nothing else is computed.
 */
final class Policies {
    private final Map<String, ResolvedPolicy> byKey = new LinkedHashMap<>();
    private final Map<PolicyKind, Map<String, Set<ResolvedPolicy>>> byLeft = new EnumMap<>(PolicyKind.class);
    private final Map<PolicyKind, Map<String, Set<ResolvedPolicy>>> byRight = new EnumMap<>(PolicyKind.class);

    /** Who could stand on a side of a policy of this kind. */
    enum Role {
        IDENTITY,
        SERVICE,
        ROUTER,
        POSTURE_CHECK
    }

    /** An entity with what role lists look at. */
    record Subject(String id, Collection<String> attributes) {}

    Policies() {
        for (PolicyKind kind : PolicyKind.values()) {
            byLeft.put(kind, new HashMap<>());
            byRight.put(kind, new HashMap<>());
        }
    }

    Collection<ResolvedPolicy> all() {
        return byKey.values();
    }

    Optional<ResolvedPolicy> get(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Is there a policy of this kind that joins the two? */
    boolean joins(PolicyKind kind, String left, String right) {
        for (ResolvedPolicy each : byLeft.get(kind).getOrDefault(left, Set.of())) {
            if (each.right.members.contains(right)) {
                return true;
            }
        }
        return false;
    }

    boolean speaksOf(PolicyKind kind, String left) {
        return !byLeft.get(kind).getOrDefault(left, Set.of()).isEmpty();
    }

    /** Whom policies of this kind join with the one on the left. */
    Set<String> rightOf(PolicyKind kind, String left) {
        Set<String> all = new HashSet<>();
        byLeft.get(kind).getOrDefault(left, Set.of()).forEach(each -> all.addAll(each.right.members));
        return all;
    }

    /** Replaces or adds a policy and matches it against all entities. */
    List<ModelEvent> put(Entry.Policy policy, Map<Role, List<Subject>> entities) {
        ResolvedPolicy old = byKey.get(policy.key());
        Map<Side, Set<String>> before = old == null ? Map.of() : sides(old);
        if (old != null) {
            forget(old);
        }
        ResolvedPolicy resolved = new ResolvedPolicy(policy);
        fill(resolved.left, entities.get(leftRole(policy.kind())));
        fill(resolved.right, entities.get(rightRole(policy.kind())));
        fill(resolved.postureChecks, entities.get(Role.POSTURE_CHECK));
        byKey.put(policy.key(), resolved);
        resolved.left.members.forEach(id -> enter(byLeft, resolved, id));
        resolved.right.members.forEach(id -> enter(byRight, resolved, id));
        return policy.kind().isServicePolicy() ? differences(policy, before, sides(resolved)) : List.of();
    }

    void remove(String key) {
        ResolvedPolicy old = byKey.remove(key);
        if (old != null) {
            forget(old);
        }
    }

    /** Matches one entity against every policy; absent attributes mean that the entity is gone. */
    List<ModelEvent> match(Role role, String id, Optional<? extends Collection<String>> attributes) {
        List<ModelEvent> events = new ArrayList<>();
        for (ResolvedPolicy each : byKey.values()) {
            PolicyKind kind = each.policy.kind();
            if (leftRole(kind) == role) {
                rematch(each, each.left, byLeft, id, attributes, events, Side.IDENTITY);
            }
            if (rightRole(kind) == role) {
                rematch(each, each.right, byRight, id, attributes, events, Side.SERVICE);
            }
            if (role == Role.POSTURE_CHECK) {
                rematch(each, each.postureChecks, null, id, attributes, events, Side.POSTURE_CHECK);
            }
        }
        return events;
    }

    private void rematch(
            ResolvedPolicy each,
            ResolvedPolicy.Half half,
            @org.jspecify.annotations.Nullable Map<PolicyKind, Map<String, Set<ResolvedPolicy>>> index,
            String id,
            Optional<? extends Collection<String>> attributes,
            List<ModelEvent> events,
            Side side) {
        boolean is = attributes.isPresent() && half.matches(id, attributes.get());
        boolean was = half.members.contains(id);
        if (is == was) {
            return;
        }
        if (is) {
            half.members.add(id);
        } else {
            half.members.remove(id);
        }
        if (index != null) {
            if (is) {
                enter(index, each, id);
            } else {
                leave(index, each, id);
            }
        }
        if (each.policy.kind().isServicePolicy()) {
            events.add(new ModelEvent.Member(each.policy, side, Set.of(id), is));
        }
    }

    static Map<Side, Set<String>> sides(ResolvedPolicy resolved) {
        Map<Side, Set<String>> sides = new EnumMap<>(Side.class);
        sides.put(Side.SERVICE, resolved.right.members);
        sides.put(Side.POSTURE_CHECK, resolved.postureChecks.members);
        sides.put(Side.IDENTITY, resolved.left.members);
        return sides;
    }

    private static List<ModelEvent> differences(
            Entry.Policy policy, Map<Side, Set<String>> before, Map<Side, Set<String>> after) {
        List<ModelEvent> events = new ArrayList<>();
        after.forEach((side, now) -> {
            Set<String> was = before.getOrDefault(side, Set.of());
            add(events, policy, side, minus(now, was), true);
            add(events, policy, side, minus(was, now), false);
        });
        return events;
    }

    private static void add(List<ModelEvent> events, Entry.Policy policy, Side side, Set<String> ids, boolean add) {
        if (!ids.isEmpty()) {
            events.add(new ModelEvent.Member(policy, side, ids, add));
        }
    }

    private static Set<String> minus(Set<String> all, Set<String> less) {
        Set<String> rest = new HashSet<>(all);
        rest.removeAll(less);
        return rest;
    }

    private static void fill(ResolvedPolicy.Half half, List<Subject> entities) {
        for (Subject each : entities) {
            if (half.matches(each.id(), each.attributes())) {
                half.members.add(each.id());
            }
        }
    }

    private void forget(ResolvedPolicy old) {
        old.left.members.forEach(id -> leave(byLeft, old, id));
        old.right.members.forEach(id -> leave(byRight, old, id));
    }

    private static void enter(
            Map<PolicyKind, Map<String, Set<ResolvedPolicy>>> index, ResolvedPolicy policy, String id) {
        index.get(policy.policy.kind())
                .computeIfAbsent(id, each -> new HashSet<>())
                .add(policy);
    }

    private static void leave(
            Map<PolicyKind, Map<String, Set<ResolvedPolicy>>> index, ResolvedPolicy policy, String id) {
        index.get(policy.policy.kind()).computeIfPresent(id, (key, set) -> {
            set.remove(policy);
            return set.isEmpty() ? null : set;
        });
    }

    static Role leftRole(PolicyKind kind) {
        return kind == PolicyKind.SERVICE_EDGE_ROUTER ? Role.SERVICE : Role.IDENTITY;
    }

    static Role rightRole(PolicyKind kind) {
        return kind.isServicePolicy() ? Role.SERVICE : Role.ROUTER;
    }
}
