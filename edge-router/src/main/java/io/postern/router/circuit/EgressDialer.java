package io.postern.router.circuit;

import java.util.concurrent.CompletionStage;

/** Reaches what a Terminator of one binding stands for. Must not block; a stage that fails is a generic Route failure. */
public interface EgressDialer {
    CompletionStage<DialOutcome> dial(EgressRequest request);

    /** Whether a Terminator the controller knows is still hosted here; one that is not is deleted there. */
    default boolean hosts(String terminatorId) {
        return true;
    }
}
