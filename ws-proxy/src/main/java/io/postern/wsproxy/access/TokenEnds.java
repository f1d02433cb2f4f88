package io.postern.wsproxy.access;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When the freshest token ends that was shown for an API Session. A client that keeps a console for longer than its token
 * gets a fresh one of the controller and shows it with any request. Thread-safe.
 */
public final class TokenEnds {
    private static final int MOST = 50_000;

    private final Map<String, Instant> ends = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST;
        }
    };

    synchronized void seen(Subject subject) {
        ends.merge(subject.apiSessionId(), subject.expiresAt(), (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Never before the end that the subject came with. */
    public synchronized Instant of(Subject subject) {
        Instant end = ends.get(subject.apiSessionId());
        return end != null && end.isAfter(subject.expiresAt()) ? end : subject.expiresAt();
    }
}
