package io.postern.controller.circuit;

import io.postern.fabric.path.Path;
import io.postern.fabric.path.PlanRequest;
import java.time.Instant;

/** A circuit that stands. Its path changes when it is rerouted, its ends never. Immutable. */
public record LiveCircuit(
        String circuitId,
        String identityId,
        String serviceId,
        String terminatorId,
        PlanRequest.Ends ends,
        Path path,
        Instant createdAt) {

    LiveCircuit over(Path newPath) {
        return new LiveCircuit(circuitId, identityId, serviceId, terminatorId, ends, newPath, createdAt);
    }

    boolean endsAt(String routerId) {
        return path.ingress().equals(routerId) || path.egress().equals(routerId);
    }

    @Override
    public String toString() {
        return "circuitId=" + circuitId + " identityId=" + identityId + " serviceId=" + serviceId + " terminatorId="
                + terminatorId;
    }
}
