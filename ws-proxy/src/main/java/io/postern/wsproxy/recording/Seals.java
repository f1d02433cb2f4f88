package io.postern.wsproxy.recording;

/** Hears of each recording that is whole, so that its hash is known where its file is not. On the writer's thread; must not block. */
@FunctionalInterface
public interface Seals {
    /** @param sha256 the last of the chain, in hexadecimal digits */
    void sealed(RecordingId id, Recordings.Title title, String sha256);
}
