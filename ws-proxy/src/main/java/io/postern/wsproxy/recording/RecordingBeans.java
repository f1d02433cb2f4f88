package io.postern.wsproxy.recording;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

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
                Math.toIntExact(config.room().asLongValue()),
                keys(config));
        return seals.isResolvable() ? new Recordings(options, seals.get()) : new Recordings(options);
    }

    private static RecordingKeys keys(RecordingConfig config) {
        try {
            return RecordingKeys.read(
                    config.keys().orElse(List.of()).stream().map(Path::of).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    void close(@Disposes Recordings recordings) {
        recordings.close();
    }
}
