package io.postern.wsproxy.recording;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Makes this room's one object for the process. */
@Singleton
class RecordingBeans {
    @Produces
    @Singleton
    Recordings recordings(RecordingConfig config, Instance<Seals> seals) {
        RecordingOptions options = new RecordingOptions(
                Path.of(config.folder()),
                config.quota().asLongValue(),
                config.retention(),
                Math.toIntExact(config.room().asLongValue()));
        return seals.isResolvable() ? new Recordings(options, seals.get()) : new Recordings(options);
    }

    void close(@Disposes Recordings recordings) {
        recordings.close();
    }
}
