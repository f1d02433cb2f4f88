package io.postern.fabric.policy;

import java.util.List;

/** A role list with expressions that are neither {@code @id} nor {@code #attribute}. */
public final class InvalidRoles extends IllegalArgumentException {
    private final List<String> roles;

    InvalidRoles(List<String> roles) {
        super(roles.size() + " role expression(s) start with neither @ nor #");
        this.roles = List.copyOf(roles);
    }

    /** As they were given, in their order. */
    public List<String> roles() {
        return roles;
    }
}
