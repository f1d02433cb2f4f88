package io.postern.router.circuit;

import io.netty.util.AsciiString;
import io.postern.fabric.forward.ForwardingTable.Idle;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.ctrl.pb.CircuitConfirmation;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What controllers are told of Circuits without being asked: ends that have ended, frames that fit none, Circuits long
 * unused. Told again as long as it is true, so that a lost message or an absent controller costs time only. Fabric sheet
 * 4.4, 4.5.
 */
final class CircuitFaults {
    private static final int MOST_IDS = 500;

    private final Controllers controllers;
    private final CircuitPaths paths;

    CircuitFaults(Controllers controllers, CircuitPaths paths) {
        this.controllers = controllers;
        this.paths = paths;
    }

    /** One end has nothing left to do: the whole Circuit can go. */
    void ended(CircuitEnd end) {
        String owner = paths.table.owner(end.id());
        if (owner != null) {
            FaultSubject subject = end.initiating() ? FaultSubject.IngressFault : FaultSubject.EgressFault;
            owner(owner).ifPresent(peer -> peer.send(fault(subject, end.circuitId())));
        }
    }

    /** Any other controller when the owner is away: circuits are in the database, and whoever hears of one takes it over. */
    private Optional<ControlPeer> owner(String controllerId) {
        return controllers.byId(controllerId).filter(ControlPeer::connected).or(controllers::best);
    }

    private static FrameBuilder fault(FaultSubject subject, String id) {
        return FrameBuilder.of(ContentType.FAULT)
                .body(Fault.newBuilder().setSubject(subject).setId(id).build().toByteArray());
    }

    /** Frames came for Circuits that are not routed here. With one controller it is theirs for certain. */
    void reportUnknown() {
        if (paths.unknown.isEmpty()) {
            return;
        }
        List<ControlPeer> peers = controllers.connectedPeers();
        if (peers.isEmpty()) {
            return;
        }
        FaultSubject subject = peers.size() == 1 ? FaultSubject.ForwardFault : FaultSubject.UnknownOwnerForwardFault;
        String ids = String.join(
                " ",
                paths.unknown.take("", MOST_IDS).stream()
                        .map(AsciiString::toString)
                        .toList());
        peers.forEach(peer -> peer.send(fault(subject, ids)));
    }

    /** Which Circuits have been idle; the owner answers with Unroute for those it does not know. */
    void confirmIdle(long longerThan, long now) {
        Map<String, CircuitConfirmation.Builder> perOwner = new HashMap<>();
        for (Idle idle : paths.table.idleFor(longerThan, now)) {
            String id = idle.circuitId().toString();
            perOwner.computeIfAbsent(idle.owner(), owner -> CircuitConfirmation.newBuilder())
                    .addCircuitIds(id)
                    .putIdleTimes(id, idle.idle());
        }
        perOwner.forEach((owner, confirmation) -> owner(owner)
                .ifPresent(peer -> peer.send(FrameBuilder.of(ContentType.CIRCUIT_CONFIRMATION)
                        .body(confirmation.build().toByteArray()))));
        for (CircuitEnd end : paths.allEnds()) {
            if (end.isDone()) {
                ended(end);
            }
        }
    }
}
