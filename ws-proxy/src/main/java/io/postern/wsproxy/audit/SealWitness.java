package io.postern.wsproxy.audit;

import io.postern.wsproxy.recording.RecordingId;
import io.postern.wsproxy.recording.Recordings.Title;
import io.postern.wsproxy.recording.Seals;
import jakarta.inject.Singleton;

/** Puts the last hash of each recording on record: with the controller, where who may write this machine's files may not. */
@Singleton
public class SealWitness implements Seals {
    private final Audit audit;

    SealWitness(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void sealed(RecordingId id, Title title, String sha256) {
        audit.record(new Happening.RecordingSealed(id.value(), title.who(), title.container(), sha256));
    }
}
