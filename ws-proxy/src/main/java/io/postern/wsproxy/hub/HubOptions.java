package io.postern.wsproxy.hub;

import java.time.Duration;

/**
 * How consoles are kept, where a host's rules say nothing else.
 *
 * @param ring bytes of output kept of each console; half of it is surely there for a client that comes back
 * @param scrollback bytes of it that a newcomer to an attached process is shown
 * @param grace how long a place is kept for a lost connection; then an exec's process is ended
 * @param untaken how long a prepared console waits for its client
 * @param idle without a byte either way
 * @param stall how long a container's main process may be held up while no viewer takes a byte
 */
public record HubOptions(
        int ring,
        int scrollback,
        Duration grace,
        Duration untaken,
        Duration idle,
        Duration longest,
        int sessionsPerUser,
        int sessionsPerContainer,
        Duration drain,
        Duration stall) {
    public static final HubOptions DEFAULT = new HubOptions(
            1024 * 1024,
            64 * 1024,
            Duration.ofSeconds(90),
            Duration.ofSeconds(30),
            Duration.ofMinutes(30),
            Duration.ofHours(8),
            8,
            16,
            Duration.ofSeconds(10),
            Duration.ofMillis(500));

    public HubOptions withGrace(Duration value) {
        return new HubOptions(
                ring, scrollback, value, untaken, idle, longest, sessionsPerUser, sessionsPerContainer, drain, stall);
    }

    public HubOptions withLimits(int perUser, int perContainer) {
        return new HubOptions(ring, scrollback, grace, untaken, idle, longest, perUser, perContainer, drain, stall);
    }

    public HubOptions withLengths(Duration newIdle, Duration newLongest) {
        return new HubOptions(
                ring,
                scrollback,
                grace,
                untaken,
                newIdle,
                newLongest,
                sessionsPerUser,
                sessionsPerContainer,
                drain,
                stall);
    }

    public HubOptions withStall(Duration value) {
        return new HubOptions(
                ring, scrollback, grace, untaken, idle, longest, sessionsPerUser, sessionsPerContainer, drain, value);
    }
}
