package io.postern.router.edge;

import io.postern.trace.Span;
import io.postern.trace.Traces;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a trace tells of a dial at its edge router: the whole request, and the wait for a controller in it. */
final class DialTrace {
    private DialTrace() {}

    /** @param error why there is no Circuit, or null when there is one */
    static void tell(PendingConnect pending, @Nullable String circuitId, String identityId, @Nullable String error) {
        Traces traces = Traces.of("postern-edge-router");
        if (!traces.areOn() || circuitId == null) {
            return;
        }
        long now = System.nanoTime();
        Map<String, String> facts = Map.of("circuitId", circuitId, "identityId", identityId);
        traces.span(circuitId, Span.Stage.REQUEST, Span.Stage.DIAL, pending.began(), now, facts, error);
        traces.span(circuitId, Span.Stage.ASK, Span.Stage.REQUEST, pending.asked(), now, Map.of(), error);
    }
}
