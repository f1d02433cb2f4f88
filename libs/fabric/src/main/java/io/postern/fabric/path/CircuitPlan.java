package io.postern.fabric.path;

import java.util.List;

/** A circuit not yet made: its terminator, its path, and one route for each router of it, from ingress to egress. */
public record CircuitPlan(
        String circuitId,
        int attempt,
        String serviceId,
        Candidate terminator,
        Path path,
        PlanRequest.Ends ends,
        List<RouterRoute> routes)
        implements Planned {}
