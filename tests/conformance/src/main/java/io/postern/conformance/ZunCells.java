package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

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
    private final Path tmux;

    ZunCells(ConsoleWorld world, Report report, Path logs, Path work) throws IOException {
        this.world = world;
        this.report = report;
        this.folder = Files.createDirectories(logs.resolve("zun"));
        this.tmux = work.resolve("tmux.sock");
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
        screen("attach", "connected", text -> text.contains("connected to web"));
        // the size comes beside the WebSocket: asked again until it is there
        String size = typed("attach", "echo size-$(stty size | tr ' ' x)", text -> text.contains("size-33x101"));
        typed("attach", "echo gr\u00fcn-\u65e5\u672c-$((6*7))", text -> text.contains("gr\u00fcn-\u65e5\u672c-42"));
        tmux("kill-session", "-t", "attach");
        return size.isEmpty() ? "" : "33x101, UTF-8";
    }

    private String interactive(Path script) throws IOException, InterruptedException {
        window("exec", script, "appcontainer exec --interactive web /bin/sh");
        screen("exec", "connected", text -> text.contains("connected to web"));
        typed("exec", "echo in-$((6*7))", text -> text.contains("in-42"));
        tmux("send-keys", "-t", "exec", "exit", "Enter");
        screen("exec", "the client's end", text -> text.contains("client-ended"));
        tmux("kill-session", "-t", "exec");
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
        tmux(
                "-f",
                "/dev/null",
                "-u",
                "new-session",
                "-d",
                "-s",
                name,
                "-x",
                "101",
                "-y",
                "33",
                "sh " + script + " " + words + "; echo client-ended; sleep 600");
        // a server whose last session ends goes away, and would take the next cell's window with it
        tmux("set-option", "-s", "exit-empty", "off");
        tmux("set-option", "-g", "status", "off");
        tmux("resize-window", "-t", name, "-x", "101", "-y", "33");
    }

    /** Types a line until the screen shows what it should: a shell may not be there yet, and a size comes late. */
    private String typed(String name, String line, Predicate<String> fits) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String shown = "";
        while (System.nanoTime() < end) {
            tmux("send-keys", "-t", name, "-l", line);
            tmux("send-keys", "-t", name, "Enter");
            for (int i = 0; i < 30; i++) {
                shown = tmux("capture-pane", "-p", "-t", name);
                if (fits.test(shown)) {
                    return shown;
                }
                Thread.sleep(100);
            }
        }
        throw new Failed(name + ": the screen never showed the answer to '" + line + "':\n" + shown.strip());
    }

    private void screen(String name, String what, Predicate<String> fits) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String shown = "";
        while (System.nanoTime() < end) {
            shown = tmux("capture-pane", "-p", "-t", name);
            if (fits.test(shown)) {
                return;
            }
            Thread.sleep(200);
        }
        throw new Failed(name + ": the screen never showed " + what + ":\n" + shown.strip());
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/tmux", "-S", tmux.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Override
    public void close() throws IOException {
        try {
            tmux("kill-server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
