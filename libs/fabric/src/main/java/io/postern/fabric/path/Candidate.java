package io.postern.fabric.path;

/**
 * A terminator that may take a circuit.
 *
 * @param cost static and dynamic cost together
 */
public record Candidate(
        String terminatorId,
        String routerId,
        String binding,
        String address,
        String instanceId,
        String hostId,
        long cost,
        Precedence precedence) {}
