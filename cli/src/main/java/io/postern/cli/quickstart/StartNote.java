package io.postern.cli.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What the JVM noted of a program's start: an AOT cache beside its jar, which the first quickstart of a build leaves. With it
 * a start takes a fraction of the time, and classes are pages of a file: processes of one program share most of them. A JVM
 * that a cache does not fit passes it over.
 */
final class StartNote {
    /** The JDK from which on one run makes a cache. */
    private static final int ONE_RUN = 25;

    private final Path program;
    private final Path file;

    private StartNote(Path program, Path file) {
        this.program = program;
        this.file = file;
    }

    /** One for each JDK, for none reads another's. */
    static StartNote of(Path program) {
        return new StartNote(
                program, program.toAbsolutePath().resolveSibling("quickstart-" + Runtime.version() + ".aot"));
    }

    private boolean isThere() throws IOException {
        return Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(program)) >= 0;
    }

    /** Whether there is none that this program could have. */
    boolean isWanted() throws IOException {
        return program.toString().endsWith(".jar")
                && Runtime.version().feature() >= ONE_RUN
                && !isThere()
                && Files.isWritable(file.getParent());
    }

    /** Flags for a start that uses the note. At the address for which it was written its pages stay as they are in the file. */
    List<String> use() throws IOException {
        if (!isThere() || Files.size(file) == 0) {
            return List.of();
        }
        return List.of(
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-XX:AOTCache=" + file,
                "-Xlog:aot=off",
                "-Xlog:cds=off");
    }

    /** Flags for a start that is noted when its process ends. */
    List<String> make() {
        return List.of("-XX:AOTCacheOutput=" + draft(), "-Xlog:aot=off", "-Xlog:cds=off");
    }

    /**
     * After that process has ended.
     *
     * @param whole the start, and the note, were not cut off. Where the JVM made none all the same, an empty one says so: the
     *     next start need not try again
     */
    void settle(boolean whole) throws IOException {
        Files.deleteIfExists(Path.of(draft() + ".config"));
        if (!whole) {
            Files.deleteIfExists(draft());
            return;
        }
        if (!Files.exists(draft())) {
            Files.createFile(draft());
        }
        Files.move(draft(), file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Quickstarts that run at the same time each write their own. */
    private Path draft() {
        return file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
    }
}
