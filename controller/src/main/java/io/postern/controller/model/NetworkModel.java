package io.postern.controller.model;

import io.postern.controller.model.Entry.PolicyKind;
import io.postern.controller.model.ModelEvent.Side;
import io.postern.controller.model.Policies.Role;
import io.postern.controller.model.Policies.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The entities at one index, and what the policies make of them. Confined to the network loop; knows no database. */
public final class NetworkModel {
    private final Map<Class<? extends Entry>, Map<String, Entry>> byKind = new LinkedHashMap<>();
    private final Map<String, Entry.Service> servicesByName = new LinkedHashMap<>();
    private final Policies policies = new Policies();
    private long index;

    public long index() {
        return index;
    }

    void index(long value) {
        index = value;
    }

    /** Of which there is or was an entry. */
    Set<Class<? extends Entry>> kinds() {
        return Set.copyOf(byKind.keySet());
    }

    private Map<String, Entry> of(Class<? extends Entry> kind) {
        return byKind.computeIfAbsent(kind, each -> new LinkedHashMap<>());
    }

    public <T extends Entry> Optional<T> find(Class<T> kind, String id) {
        return Optional.ofNullable(of(kind).get(id)).map(kind::cast);
    }

    /** A view, valid until the next change. */
    public <T extends Entry> Collection<T> all(Class<T> kind) {
        @SuppressWarnings("unchecked")
        Collection<T> entries = (Collection<T>) of(kind).values();
        return Collections.unmodifiableCollection(entries);
    }

    public Optional<Entry.Service> serviceNamed(String name) {
        return Optional.ofNullable(servicesByName.get(name));
    }

    /** Adds or replaces; nothing happened when the entry is as it was. */
    public List<ModelEvent> put(Entry entry) {
        Entry old = of(entry.getClass()).put(entry.key(), entry);
        if (entry.equals(old)) {
            return List.of();
        }
        if (old instanceof Entry.Service service) {
            servicesByName.remove(service.name());
        }
        if (entry instanceof Entry.Service service) {
            servicesByName.put(service.name(), service);
        }
        List<ModelEvent> events = new ArrayList<>();
        events.add(new ModelEvent.Put(entry, old == null));
        if (entry instanceof Entry.Policy policy) {
            events.addAll(policies.put(policy, subjects()));
        } else {
            subject(entry)
                    .ifPresent(subject ->
                            events.addAll(policies.match(role(entry), entry.id(), Optional.of(subject.attributes()))));
        }
        return events;
    }

    /** Members leave their policies before they leave themselves; a policy takes its members with it. */
    public List<ModelEvent> remove(Class<? extends Entry> kind, String key) {
        Entry old = of(kind).remove(key);
        if (old == null) {
            return List.of();
        }
        if (old instanceof Entry.Service service) {
            servicesByName.remove(service.name());
        }
        if (old instanceof Entry.Policy) {
            policies.remove(key);
        } else if (subject(old).isPresent()) {
            policies.match(role(old), old.id(), Optional.<Collection<String>>empty());
        }
        return List.of(new ModelEvent.Gone(old));
    }

    private static Role role(Entry entry) {
        return switch (entry) {
            case Entry.Identity identity -> Role.IDENTITY;
            case Entry.Service service -> Role.SERVICE;
            case Entry.Router router -> Role.ROUTER;
            case Entry.PostureCheck check -> Role.POSTURE_CHECK;
            default ->
                throw new IllegalArgumentException(
                        "no policy speaks of " + entry.getClass().getSimpleName());
        };
    }

    private static Optional<Subject> subject(Entry entry) {
        return switch (entry) {
            case Entry.Identity identity -> Optional.of(new Subject(identity.id(), identity.roleAttributes()));
            case Entry.Service service -> Optional.of(new Subject(service.id(), service.roleAttributes()));
            case Entry.Router router -> Optional.of(new Subject(router.id(), router.roleAttributes()));
            case Entry.PostureCheck check -> Optional.of(new Subject(check.id(), check.roleAttributes()));
            default -> Optional.empty();
        };
    }

    private Map<Role, List<Subject>> subjects() {
        Map<Role, List<Subject>> all = new EnumMap<>(Role.class);
        all.put(Role.IDENTITY, subjects(Entry.Identity.class));
        all.put(Role.SERVICE, subjects(Entry.Service.class));
        all.put(Role.ROUTER, subjects(Entry.Router.class));
        all.put(Role.POSTURE_CHECK, subjects(Entry.PostureCheck.class));
        return all;
    }

    private List<Subject> subjects(Class<? extends Entry> kind) {
        return of(kind).values().stream()
                .flatMap(entry -> subject(entry).stream())
                .toList();
    }

    /** Does a policy of this kind join the two? */
    public boolean joins(PolicyKind kind, String left, String right) {
        return policies.joins(kind, left, right);
    }

    /** Whom policies of this kind join with the one on the left. */
    public Set<String> joinedWith(PolicyKind kind, String left) {
        return policies.rightOf(kind, left);
    }

    boolean speaksOf(PolicyKind kind, String left) {
        return policies.speaksOf(kind, left);
    }

    /** Whom a service policy speaks of at present, side by side. */
    public Map<Side, Set<String>> members(Entry.Policy policy) {
        return policies.get(policy.key()).map(Policies::sides).orElse(Map.of());
    }
}
