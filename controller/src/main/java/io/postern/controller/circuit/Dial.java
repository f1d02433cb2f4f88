package io.postern.controller.circuit;

import io.postern.controller.channel.RouterConnection;
import io.postern.controller.model.Entry;
import java.util.Map;

/**
 * A permitted wish for a circuit.
 *
 * @param circuitId the circuit's id, ours or the one the router proposed
 * @param peerData what the hosting side is to be told
 * @param context told to every router of the path, for its logs
 * @param stages what has been measured so far
 * @param answer where the outcome goes, once
 */
record Dial(
        RouterConnection ingress,
        String circuitId,
        Entry.Identity identity,
        Entry.Service service,
        String instanceId,
        Map<Integer, byte[]> peerData,
        Map<String, String> context,
        Stages stages,
        Answer answer) {

    /** Hears how a dial ended. */
    interface Answer {
        void created(LiveCircuit circuit, Map<Integer, byte[]> peerData, Map<String, String> tags);

        void refused(DialFailure failure);
    }
}
