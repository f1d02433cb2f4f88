package io.postern.controller.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * As whom the PostgreSQL programs run: they refuse root. Root steps down to uid 65534 where that user can reach the data
 * folder, and otherwise (a home of mode 700) enters a user namespace in which it looks like no root.
 *
 * <p>{@code setpriv --pdeathsig INT} makes the server shut down cleanly when the thread that started it ends, so that a
 * killed controller leaves no server behind.
 */
enum ServerUser {
    SELF(List.of(), List.of()),
    NOBODY(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"), List.of("--pdeathsig", "INT")),
    NAMESPACE(List.of("unshare", "-U"), List.of());

    private static final int NOBODY_ID = 65534;

    private final List<String> stepDown;
    private final List<String> together;

    ServerUser(List<String> stepDown, List<String> together) {
        this.stepDown = stepDown;
        this.together = together;
    }

    /** Decides by the owner of {@code data} when it exists: an existing cluster keeps its user. */
    static ServerUser of(Path root, Path data) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return SELF;
        }
        if (Files.exists(data)) {
            return owner(data) == NOBODY_ID ? NOBODY : NAMESPACE;
        }
        return Folders.passableByAll(root.getParent()) ? NOBODY : NAMESPACE;
    }

    /** Gives {@code path} to the user the server runs as. */
    void own(Path path) throws IOException {
        if (this == NOBODY) {
            Files.setAttribute(path, "unix:uid", NOBODY_ID);
            Files.setAttribute(path, "unix:gid", NOBODY_ID);
        }
    }

    /** The command for a short-lived program. */
    List<String> command(List<String> program) {
        var all = new ArrayList<>(stepDown);
        all.addAll(program);
        return all;
    }

    /** The command for the server, which ends with the thread that starts it. */
    List<String> serverCommand(List<String> program) {
        var all = new ArrayList<>(stepDown);
        if (together.isEmpty() && hasSetpriv()) {
            all.add("setpriv");
            all.addAll(List.of("--pdeathsig", "INT"));
        } else {
            all.addAll(together);
        }
        all.addAll(program);
        return all;
    }

    private static boolean hasSetpriv() {
        return List.of("/usr/bin/setpriv", "/bin/setpriv", "/usr/local/bin/setpriv").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
