package io.postern.controller.circuit;

import io.postern.trace.Span;
import io.postern.trace.Traces;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long each stage of a dial took, in nanoseconds. Confined to the network loop. */
final class Stages {
    private final long arrived;
    private long permitted;
    private long begun;
    private long planned;
    private long routed;
    private final Map<String, Long> answers = new LinkedHashMap<>();

    Stages(long arrivedNanos) {
        this.arrived = arrivedNanos;
    }

    void permitted() {
        permitted = System.nanoTime();
    }

    /** An attempt; what follows is of the last one. */
    void begun() {
        begun = System.nanoTime();
    }

    void planned() {
        planned = System.nanoTime();
        answers.clear();
    }

    void routed() {
        routed = System.nanoTime();
    }

    /** A router has answered its route. */
    void answered(String routerId) {
        answers.put(routerId, System.nanoTime());
    }

    /** Gives the stages to a trace, those that there were. */
    void trace(String circuitId, Map<String, String> facts, @Nullable String error) {
        Traces traces = Traces.of("postern-controller");
        if (!traces.areOn()) {
            return;
        }
        long now = System.nanoTime();
        traces.span(circuitId, Span.Stage.CREATE, Span.Stage.ASK, arrived, now, facts, error);
        stage(traces, circuitId, Span.Stage.POLICY, arrived, permitted == 0 ? now : permitted);
        stage(traces, circuitId, Span.Stage.PATH, begun, planned);
        answers.forEach((router, at) -> stage(traces, circuitId, Span.Stage.route(router), planned, at));
        stage(traces, circuitId, Span.Stage.CONFIRM, routed, now);
    }

    private static void stage(Traces traces, String circuitId, Span.Stage stage, long from, long to) {
        if (from != 0 && to != 0) {
            Map<String, String> facts = stage.at().isEmpty() ? Map.of() : Map.of("routerId", stage.at());
            traces.span(circuitId, stage, Span.Stage.CREATE, from, to, facts, null);
        }
    }

    long authorization() {
        return Math.max(0, permitted - arrived);
    }

    long path() {
        return Math.max(0, planned - begun);
    }

    long route() {
        return Math.max(0, routed - planned);
    }

    long total() {
        return System.nanoTime() - arrived;
    }
}
