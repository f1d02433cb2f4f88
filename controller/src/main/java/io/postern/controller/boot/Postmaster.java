package io.postern.controller.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code postmaster.pid} says about a server: line 1 its pid, line 4 its port, line 8 its state. */
record Postmaster(long pid, int port, String state) {
    static Optional<Postmaster> read(Path data) throws IOException {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            if (lines.size() < 8) {
                return Optional.empty();
            }
            return Optional.of(new Postmaster(
                    Long.parseLong(lines.get(0).strip()),
                    Integer.parseInt(lines.get(3).strip()),
                    lines.get(7).strip()));
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean isReady() {
        return state.equals("ready") && isAlive();
    }

    /** A pid may have been given to another program since. */
    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> name().or(() -> handle.info().command()))
                .filter(program -> program.endsWith("postgres"))
                .isPresent();
    }

    /** On Linux: which file it runs may be hidden from root in a container, or be that of an emulator. */
    private Optional<String> name() {
        try {
            return Optional.of(Files.readString(Path.of("/proc", String.valueOf(pid), "comm"))
                    .strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty once it has ended. */
    Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid);
    }
}
