package io.postern.wsproxy.recording;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how much is recorded.
 *
 * @param quota bytes that all recordings may take; when they do, none begins and those that run fail
 * @param retention a recording that ended so long ago is deleted
 * @param room bytes of one console that may wait for the disk
 * @param keys what they are sealed under
 */
public record RecordingOptions(Path folder, long quota, Duration retention, int room, RecordingKeys keys) {
    public static RecordingOptions in(Path folder) {
        return new RecordingOptions(
                folder, 10L * 1024 * 1024 * 1024, Duration.ofDays(90), 1024 * 1024, RecordingKeys.NONE);
    }

    public RecordingOptions withQuota(long bytes) {
        return new RecordingOptions(folder, bytes, retention, room, keys);
    }

    public RecordingOptions withRetention(Duration value) {
        return new RecordingOptions(folder, quota, value, room, keys);
    }

    public RecordingOptions withKeys(RecordingKeys value) {
        return new RecordingOptions(folder, quota, retention, room, value);
    }
}
