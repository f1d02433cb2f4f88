package io.postern.fabric.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One role list of a policy, parsed once and asked often. An entity is named by {@code @id}, by {@code #attribute} or by
 * {@code #all}.
 *
 * <p>Ids always add: an entity that is named matches, whatever the semantic. Attributes combine by the semantic:
 * {@code AllOf} wants an entity to carry every attribute of the list, {@code AnyOf} one of them. {@code #all} matches
 * everything. An empty list matches nothing. Immutable. Source: fabric sheet 7.3, SDK sheet 8 ("Roles syntax").
 */
public final class RoleSet {
    public static final String ALL = "#all";

    private final boolean all;
    private final Set<String> ids;
    private final Set<String> attributes;
    private final Semantic semantic;

    private RoleSet(boolean all, Set<String> ids, Set<String> attributes, Semantic semantic) {
        this.all = all;
        this.ids = Set.copyOf(ids);
        this.attributes = Set.copyOf(attributes);
        this.semantic = semantic;
    }

    /**
     * @param roles expressions as the API gives them; repeated ones count once
     * @throws InvalidRoles naming every expression that has neither sign nor text behind it
     */
    public static RoleSet parse(Collection<String> roles, Semantic semantic) {
        Set<String> ids = new LinkedHashSet<>();
        Set<String> attributes = new LinkedHashSet<>();
        List<String> invalid = new ArrayList<>();
        boolean all = false;
        for (String role : roles) {
            if (role.equalsIgnoreCase(ALL)) {
                all = true;
            } else if (role.length() > 1 && role.charAt(0) == '@') {
                ids.add(role.substring(1));
            } else if (role.length() > 1 && role.charAt(0) == '#') {
                attributes.add(role.substring(1));
            } else {
                invalid.add(role);
            }
        }
        if (!invalid.isEmpty()) {
            throw new InvalidRoles(invalid);
        }
        return new RoleSet(all, ids, attributes, semantic);
    }

    /** @param roleAttributes what the entity carries, without {@code #} */
    public boolean matches(String id, Collection<String> roleAttributes) {
        if (all || ids.contains(id)) {
            return true;
        }
        if (attributes.isEmpty()) {
            return false;
        }
        return semantic == Semantic.AllOf
                ? roleAttributes.containsAll(attributes)
                : roleAttributes.stream().anyMatch(attributes::contains);
    }

    /** Whether it matches every entity, known or not. */
    public boolean all() {
        return all;
    }

    /** The entities it names, which a policy has to check for existence. */
    public Set<String> ids() {
        return ids;
    }

    public Set<String> attributes() {
        return attributes;
    }

    public Semantic semantic() {
        return semantic;
    }
}
