package io.postern.wsproxy.recording;

/** A recording's id: 128 random bits in lower-case hexadecimal, and the name of its file. */
public record RecordingId(String value) {
    public RecordingId {
        if (!value.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("not a recording's id: 32 hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
