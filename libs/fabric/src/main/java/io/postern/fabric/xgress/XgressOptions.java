package io.postern.fabric.xgress;

import java.time.Duration;

/**
 * Bounds and delays of an {@link XgressEngine}; bytes and nanoseconds. Fabric sheet 5.4.
 *
 * @param receiveBuffer bytes waiting for the receiver beyond which payloads are dropped, and most that a peer is trusted
 *     to hold
 * @param windowStart bytes in flight at the start: modest, so that many streams starting at once do not flood a path
 * @param windowMin floor of the window, one payload is always allowed
 * @param windowMax ceiling of the window
 * @param pending bytes offered but not yet sent, from which on the offerer is asked to stop
 * @param outstanding most payloads in flight, which bounds streams of tiny payloads
 * @param ackDelay longest time an acknowledgement waits for company
 * @param ackBytes unacknowledged bytes that end the waiting
 * @param ackCount unacknowledged payloads that end the waiting
 * @param retransmitMin floor of the retransmission timeout
 * @param retransmitStart timeout before the first round trip was measured
 * @param retransmitMax ceiling of the timeout with its backoff
 * @param startTimeout how long a terminating end waits for the start of the Circuit
 * @param closeWait how long a closing end tries to get the rest across
 * @param endWait how long an end of input waits for the peer's capabilities before it becomes an end of the Circuit
 */
public record XgressOptions(
        int receiveBuffer,
        int windowStart,
        int windowMin,
        int windowMax,
        int pending,
        int outstanding,
        long ackDelay,
        int ackBytes,
        int ackCount,
        long retransmitMin,
        long retransmitStart,
        long retransmitMax,
        long startTimeout,
        long closeWait,
        long endWait) {
    private static final int KIB = 1024;
    private static final int MIB = KIB * KIB;

    public static final XgressOptions DEFAULT = new XgressOptions(
            4 * MIB,
            64 * KIB,
            16 * KIB,
            4 * MIB,
            MIB,
            8192,
            Duration.ofMillis(2).toNanos(),
            128 * KIB,
            16,
            Duration.ofMillis(200).toNanos(),
            Duration.ofMillis(500).toNanos(),
            Duration.ofSeconds(2).toNanos(),
            Duration.ofMinutes(3).toNanos(),
            Duration.ofSeconds(30).toNanos(),
            Duration.ofSeconds(5).toNanos());
}
