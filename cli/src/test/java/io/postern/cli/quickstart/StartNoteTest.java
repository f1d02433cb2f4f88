package io.postern.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartNoteTest {
    @TempDir
    Path folder;

    private Path jar;
    private StartNote note;

    @BeforeEach
    void aBuiltProgram() throws IOException {
        jar = Files.writeString(folder.resolve("program.jar"), "");
        note = StartNote.of(jar);
        assumeTrue(Runtime.version().feature() >= 25, "notes are for JDK 25 and newer");
    }

    /** As the JVM does at its end. */
    private void write(String cache) throws IOException {
        Path draft = Path.of(note.make().getFirst().substring("-XX:AOTCacheOutput=".length()));
        Files.writeString(draft, cache);
        Files.writeString(Path.of(draft + ".config"), "x");
    }

    private long files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void isUsedOnceItWasMadeAndUntilTheNextBuild() throws IOException {
        assertThat(note.isWanted()).isTrue();
        assertThat(note.use()).isEmpty();
        write("cache");
        note.settle(true);
        assertThat(note.isWanted()).isFalse();
        assertThat(note.use()).anyMatch(flag -> flag.startsWith("-XX:AOTCache=" + folder));
        assertThat(files()).isEqualTo(2);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(10)));
        assertThat(note.isWanted()).isTrue();
        assertThat(note.use()).isEmpty();
    }

    @Test
    void isDroppedWhenItsStartWasCutOff() throws IOException {
        write("ca");
        note.settle(false);
        assertThat(note.isWanted()).isTrue();
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void isNotTriedAgainWhereTheMachineMakesNone() throws IOException {
        note.settle(true);
        assertThat(note.isWanted()).isFalse();
        assertThat(note.use()).isEmpty();
    }

    @Test
    void anExecutableNeedsNone() throws IOException {
        assertThat(StartNote.of(Files.writeString(folder.resolve("program"), ""))
                        .isWanted())
                .isFalse();
    }
}
