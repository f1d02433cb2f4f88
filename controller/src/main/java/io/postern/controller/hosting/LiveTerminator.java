package io.postern.controller.hosting;

import io.postern.fabric.path.Candidate;
import io.postern.fabric.path.Precedence;
import java.util.Arrays;
import java.util.Map;

/**
 * A terminator. Immutable but for its costs, which are confined to the network loop.
 *
 * @param hostId the identity that hosts
 * @param marker tells this one from an earlier one with the same id
 * @param peerData header ids and values for dialers
 */
public record LiveTerminator(
        String terminatorId,
        String serviceId,
        String routerId,
        String binding,
        String address,
        String instanceId,
        byte[] instanceSecret,
        String hostId,
        int cost,
        Precedence precedence,
        Map<Integer, byte[]> peerData,
        long marker,
        Costs costs) {

    /** What is added to the static cost as circuits come and dials fail. Source: fabric sheet 4.1. */
    public static final class Costs {
        private static final int PER_CIRCUIT = 2;
        private static final int PER_FAILURE = 20;
        private static final int PER_SUCCESS = 2;
        private static final int PER_MINUTE = 10;
        private static final int MOST = 65_535;

        private int circuits;
        private int failures;

        public void opened() {
            circuits++;
            failures = Math.max(0, failures - PER_SUCCESS);
        }

        public void closed() {
            circuits = Math.max(0, circuits - 1);
        }

        public void failed() {
            failures = Math.min(MOST, failures + PER_FAILURE);
        }

        void minute() {
            failures = Math.max(0, failures - PER_MINUTE);
        }

        public int dynamic() {
            return Math.min(MOST, circuits * PER_CIRCUIT + failures);
        }
    }

    public boolean hasSecret(byte[] secret) {
        return Arrays.equals(instanceSecret, secret);
    }

    LiveTerminator with(int newCost, Precedence newPrecedence) {
        return new LiveTerminator(
                terminatorId,
                serviceId,
                routerId,
                binding,
                address,
                instanceId,
                instanceSecret,
                hostId,
                newCost,
                newPrecedence,
                peerData,
                marker,
                costs);
    }

    /** As the planner sees it. @param lastChoice whether its router is about to go */
    public Candidate candidate(boolean lastChoice) {
        return new Candidate(
                terminatorId,
                routerId,
                binding,
                address,
                instanceId,
                hostId,
                cost + costs.dynamic(),
                lastChoice ? Precedence.FAILED : precedence);
    }

    @Override
    public String toString() {
        return "terminatorId=" + terminatorId + " serviceId=" + serviceId + " routerId=" + routerId + " identityId="
                + hostId;
    }
}
