package io.postern.controller.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;

/**
 * A database remembers what it was given: with a migration that changed, or one put between two that ran, no controller
 * starts over it any more. A new one gets the next number, and a line at the end of {@code upgrade/migrations.txt}.
 */
class MigrationsTest {
    private static final Path FOLDER = Path.of("src", "main", "resources", "db", "migration");

    @Test
    void noneChangesAndNewOnesComeLast() throws IOException, GeneralSecurityException {
        var found = new ArrayList<String>();
        try (var files = Files.list(FOLDER)) {
            for (Path file :
                    files.sorted(Comparator.comparing(MigrationsTest::version)).toList()) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                found.add(HexFormat.of().formatHex(hash) + " " + file.getFileName());
            }
        }
        List<String> pinned = Migrations.pinned().stream()
                .map(each -> each.sha256() + " " + each.file())
                .toList();
        assertThat(found).isEqualTo(pinned);
    }

    private static MigrationVersion version(Path file) {
        return MigrationVersion.fromVersion(
                new Migrations.Pinned(file.getFileName().toString(), "").version());
    }
}
