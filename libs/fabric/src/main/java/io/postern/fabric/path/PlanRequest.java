package io.postern.fabric.path;

import java.util.List;
import java.util.Set;

/**
 * What a circuit is wanted for.
 *
 * @param instanceId the one host that is asked for, or empty for any
 * @param avoid terminators that failed an earlier attempt; they are used only when there is no other
 * @param stickyToken the terminator a sticky dialer was at before, or empty
 * @param ids circuit-wide unique addresses for the two ends
 * @param chance uniform in [0, 1), for the strategies that draw lots
 */
public record PlanRequest(
        String circuitId,
        int attempt,
        String serviceId,
        String strategy,
        String ingressRouter,
        String instanceId,
        List<Candidate> terminators,
        Set<String> avoid,
        String stickyToken,
        Ends ids,
        double chance) {

    /** Addresses of the xgresses at the two ends. */
    public record Ends(String ingress, String egress) {}
}
