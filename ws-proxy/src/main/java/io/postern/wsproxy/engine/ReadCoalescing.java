package io.postern.wsproxy.engine;

/**
 * When a stream that gives much is read again. Who reads each piece as soon as it is there wakes for a few KiB, and so do the
 * engine that wrote it and the client that it is for; who lets the socket fill for a moment moves the same bytes with few
 * wake-ups, as a network card does that coalesces its interrupts. Only a run of bytes is held up so: what answers a key, or
 * fills a screen, comes at once. Pure; confined to one thread; times are nanoseconds of any one clock.
 */
final class ReadCoalescing {
    /** So much has come without a {@link #QUIET} before anything waits. */
    static final int RUN = 256 * 1024;

    /** Ends a run. */
    static final long QUIET = 1_000_000;

    /** What an engine prints in it fits into its socket and its own buffers. */
    static final long REST = 300_000;

    /** The engine is ahead, and what it writes comes in large pieces by itself. */
    static final int ENOUGH = 96 * 1024;

    private long run;
    private long readable;

    /** @param bytes what one turn of reading brought, which ends now @return nanoseconds to leave the stream unread */
    long rest(int bytes, long now) {
        if (now - readable > QUIET) {
            run = 0;
        }
        run += bytes;
        long rest = run < RUN || bytes >= ENOUGH ? 0 : REST;
        readable = now + rest;
        return rest;
    }
}
