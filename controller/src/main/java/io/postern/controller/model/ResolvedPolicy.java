package io.postern.controller.model;

import io.postern.fabric.policy.InvalidRoles;
import io.postern.fabric.policy.RoleSet;
import io.postern.fabric.policy.Semantic;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A policy with the entities its role lists match at present. Confined to the network loop. */
final class ResolvedPolicy {
    final Entry.Policy policy;
    final Half left;
    final Half right;
    final Half postureChecks;

    ResolvedPolicy(Entry.Policy policy) {
        this.policy = policy;
        this.left = new Half(policy.left(), policy.semantic());
        this.right = new Half(policy.right(), policy.semantic());
        this.postureChecks = new Half(policy.postureChecks(), policy.semantic());
    }

    /** One role list and who matches it. */
    static final class Half {
        private final RoleSet roles;
        final Set<String> members = new HashSet<>();

        Half(List<String> roles, Semantic semantic) {
            this.roles = parsed(roles, semantic);
        }

        /** Roles are checked when a policy is written; one that slipped through matches nothing. */
        private static RoleSet parsed(List<String> roles, Semantic semantic) {
            try {
                return RoleSet.parse(roles, semantic);
            } catch (InvalidRoles e) {
                return RoleSet.parse(List.of(), semantic);
            }
        }

        boolean matches(String id, Collection<String> attributes) {
            return roles.matches(id, attributes);
        }
    }
}
