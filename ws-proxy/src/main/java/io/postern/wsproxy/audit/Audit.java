package io.postern.wsproxy.audit;

/**
 * Takes what happened. Any thread, event loops among them: never blocks, never fails. The log line is written at once; the
 * controller gets events in their order, later when it is away.
 */
@FunctionalInterface
public interface Audit {
    void record(Happening what);
}
