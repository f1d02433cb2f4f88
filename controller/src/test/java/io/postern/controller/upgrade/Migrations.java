package io.postern.controller.upgrade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The migrations that were handed out, oldest first. */
final class Migrations {
    private Migrations() {}

    /** @param sha256 of the file, in hexadecimal */
    record Pinned(String file, String sha256) {
        String version() {
            return file.substring(1, file.indexOf("__")).replace('_', '.');
        }
    }

    static List<Pinned> pinned() {
        try (var text = Migrations.class.getResourceAsStream("/upgrade/migrations.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line ->
                            new Pinned(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' '))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
