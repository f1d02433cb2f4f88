package io.postern.conformance;

import java.nio.file.Path;

/** Not there yet. */
final class PosternNetwork {
    private PosternNetwork() {}

    static Network start(Path root, Path work, Path logs) {
        throw new Failed("not there yet");
    }
}
