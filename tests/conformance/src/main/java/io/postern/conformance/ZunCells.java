package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lane {@code zun}: Debian's {@code openstack appcontainer}, unchanged, with our token. What needs a terminal runs in tmux. Its
 * WebSocket trusts the system's certificates only, so each call has a mount namespace in which that file is ours.
 */
final class ZunCells implements AutoCloseable {
    private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ConsoleWorld world;
    private final Report report;
    private final Path folder;
    private final Tmux tmux;

    ZunCells(ConsoleWorld world, Report report, Path logs, Path work) throws IOException {
        this.world = world;
        this.report = report;
        this.folder = Files.createDirectories(logs.resolve("zun"));
        this.tmux = new Tmux(work.resolve("tmux.sock"), 101, 33, PATIENCE);
    }

    /** What is missing here; empty when nothing is. */
    static String missing() {
        List<String> missing = new ArrayList<>();
        for (String program : List.of("/usr/bin/openstack", "/usr/bin/tmux", "/usr/bin/unshare")) {
            if (!Files.isExecutable(Path.of(program))) {
                missing.add(program);
            }
        }
        if (!Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/zunclient"))) {
            missing.add("python3-zunclient");
        }
        if (!Files.exists(SYSTEM)) {
            missing.add("ca-certificates");
        }
        return String.join(", ", missing);
    }

    void run() throws IOException, InterruptedException {
        Path alice = script("alice");
        Path mallory = script("mallory");
        report.cell("zun/list", () -> {
            Ran ran = plain(alice, "appcontainer list -f json");
            JsonNode list = Rest.parse(ran.output());
            KubernetesCells.same("containers", "1", Integer.toString(list.size()));
            KubernetesCells.same("name", "web", list.path(0).path("name").asText());
            return "status " + list.path(0).path("status").asText();
        });
        report.cell("zun/show", () -> {
            Ran ran = plain(alice, "appcontainer show web -f json");
            KubernetesCells.same(
                    "status", "Running", Rest.parse(ran.output()).path("status").asText());
            return "Running";
        });
        report.cell("zun/exec", () -> {
            Ran ran = plain(alice, "appcontainer exec web echo it-is-here");
            KubernetesCells.contains("output", "it-is-here", ran.output());
            return "output printed";
        });
        report.cell("zun/attach", () -> attach(alice));
        report.cell("zun/exec-interactive", () -> interactive(alice));
        report.cell("zun/refused", () -> {
            Ran ran = plain(mallory, "appcontainer exec web id");
            if (ran.exit() == 0 || ran.output().contains("uid=")) {
                throw new Failed("somebody without a grant came in: " + ran.output());
            }
            return "exit " + ran.exit();
        });
    }

    private String attach(Path script) throws IOException, InterruptedException {
        window("attach", script, "appcontainer attach web");
        tmux.shows("attach", "connected", text -> text.contains("connected to web"));
        // the size comes beside the WebSocket: asked again until it is there
        tmux.answered("attach", "echo size-$(stty size | tr ' ' x)", text -> text.contains("size-33x101"));
        tmux.answered(
                "attach", "echo gr\u00fcn-\u65e5\u672c-$((6*7))", text -> text.contains("gr\u00fcn-\u65e5\u672c-42"));
        tmux.end("attach");
        return "33x101, UTF-8";
    }

    private String interactive(Path script) throws IOException, InterruptedException {
        window("exec", script, "appcontainer exec --interactive web /bin/sh");
        tmux.shows("exec", "connected", text -> text.contains("connected to web"));
        tmux.answered("exec", "echo in-$((6*7))", text -> text.contains("in-42"));
        tmux.press("exec", "exit", "Enter");
        tmux.shows("exec", "the client's end", text -> text.contains("client-ended"));
        tmux.end("exec");
        return "typed, answered, ended with the shell";
    }

    /** The client's settings and its namespace. The token is in a file of the user's, not in a list of processes. */
    private Path script(String user) throws IOException {
        Path token = world.tokenFile(user);
        Path script = folder.resolve(user + ".sh");
        Files.writeString(script, """
                #!/bin/sh
                export OS_AUTH_TYPE=admin_token OS_ENDPOINT=%1$s/v1 OS_CACERT=%2$s PYTHONWARNINGS=ignore LC_ALL=C.UTF-8
                OS_TOKEN=$(cat %3$s) exec unshare --mount sh -c 'mount --bind %2$s %4$s && exec /usr/bin/openstack "$@"' x "$@"
                """.formatted(world.address(), world.authority(), token, SYSTEM));
        return script;
    }

    private record Ran(int exit, String output) {}

    private Ran plain(Path script, String words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(words.split(" ")));
        Path out = Files.createTempFile(folder, "openstack", ".out");
        Path errors = Files.createTempFile(folder, "openstack", ".err");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new Failed("openstack " + words + " does not end");
        }
        String output = Files.readString(out);
        if (process.exitValue() != 0) {
            output += Files.readString(errors);
        }
        return new Ran(process.exitValue(), output);
    }

    private void window(String name, Path script, String words) throws IOException, InterruptedException {
        tmux.open(name, "sh " + script + " " + words + "; echo client-ended; sleep 600");
    }

    @Override
    public void close() throws IOException {
        tmux.close();
    }
}
