package io.postern.wsproxy.recording;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Makes this room's one object for the process. */
@Singleton
class RecordingBeans {
    @Produces
    @Singleton
    Recordings recordings(RecordingConfig config) {
        return new Recordings(new RecordingOptions(
                Path.of(config.folder()),
                config.quota().asLongValue(),
                config.retention(),
                Math.toIntExact(config.room().asLongValue())));
    }

    void close(@Disposes Recordings recordings) {
        recordings.close();
    }
}
