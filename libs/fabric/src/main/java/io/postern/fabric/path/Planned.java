package io.postern.fabric.path;

/** What the planner answers. */
public sealed interface Planned permits CircuitPlan, Refusal {}
