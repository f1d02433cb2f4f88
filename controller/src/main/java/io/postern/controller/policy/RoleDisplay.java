package io.postern.controller.policy;

/** A role as it is stored, and as a human reads it: {@code @<name>} for {@code @<id>}. */
public record RoleDisplay(String role, String name) {}
