package io.postern.fabric.xgress;

/**
 * What one {@link XgressEngine} has seen so far, for metrics and inspection.
 *
 * @param duplicates payloads received again, which were acknowledged again
 * @param dropped payloads refused because the receive buffer was full
 * @param mirrored own payloads that came back: a route leads in a circle
 */
public record XgressCounters(
        long sentPayloads,
        long sentBytes,
        long retransmitted,
        long duplicateAcknowledgements,
        long receivedPayloads,
        long receivedBytes,
        long duplicates,
        long dropped,
        long mirrored,
        long window,
        long roundTripNanos) {}
