package io.postern.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a program says of itself in header 4: {@code version|revision|buildDate|os|arch}, exactly five parts. Peers read
 * the first as {@code v} and a semantic version. Source: fabric sheet 0.1.
 */
public record Version(String version, String revision, String buildDate, String os, String arch) {
    /** Empty when the text is absent or has not five parts; a peer's version is never a reason to fail. */
    public static Optional<Version> parse(@Nullable String text) {
        String[] parts = text == null ? new String[0] : text.split("\\|", -1);
        return parts.length == 5
                ? Optional.of(new Version(parts[0], parts[1], parts[2], parts[3], parts[4]))
                : Optional.empty();
    }

    public String text() {
        return String.join("|", version, revision, buildDate, os, arch);
    }
}
