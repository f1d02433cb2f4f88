package io.postern.wsproxy.hub;

import io.postern.wsproxy.access.Rights.HostRules;
import io.postern.wsproxy.access.Rights.Recording;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.engine.EngineRefusal.Code;
import io.postern.wsproxy.recording.Recordings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is put on record of a console that begins: its host's rules say so. */
record Tapes(Optional<Recordings> recordings) {
    /** Fails with {@link EngineRefusal} where a recording is required and cannot be begun. */
    CompletionStage<Tape> begin(
            Subject who, ContainerFacts container, Optional<Size> size, List<String> command, HostRules rules) {
        Recording mode = rules.recording().orElse(Recording.OFF);
        if (mode == Recording.OFF) {
            return CompletableFuture.completedStage(Tape.off());
        }
        boolean required = mode == Recording.REQUIRED;
        if (recordings.isEmpty()) {
            return required
                    ? CompletableFuture.failedStage(unrecorded("this proxy has no place for recordings"))
                    : CompletableFuture.completedStage(Tape.off());
        }
        Size of = size.orElse(new Size(80, 24));
        var title = new Recordings.Title(container, who.name(), command, of.columns(), of.rows());
        return recordings.get().begin(title).handle((recording, failure) -> {
            if (failure == null) {
                return Tape.of(recording, required, rules.recordInput());
            }
            if (required) {
                throw unrecorded("no recording can be begun");
            }
            return Tape.off();
        });
    }

    private static EngineRefusal unrecorded(String why) {
        return new EngineRefusal(Code.RECORDING_FAILED, "this host allows no console without a recording, and " + why);
    }
}
