package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.testkit.engine.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lane {@code k8s}: client-go's remotecommand and, where there is one, kubectl, unchanged. */
final class KubernetesCells {
    private static final Path KUBECTL = Path.of("/usr/bin/kubectl");
    private static final Duration PATIENCE = Duration.ofSeconds(320);
    private static final List<String> MIB = List.of("-mib", "64");
    private static final String RAW_ECHO = "stty raw -echo; : >/tmp/ready; echo ready; exec head -c " + (64 << 20);

    private final ConsoleWorld world;
    private final Report report;
    private final Path logs;
    private final String client;

    KubernetesCells(ConsoleWorld world, Report report, Path logs, String client) {
        this.world = world;
        this.report = report;
        this.logs = logs;
        this.client = client;
    }

    void run() throws IOException {
        Path alice = world.tokenFile("alice");
        Path mallory = world.tokenFile("mallory");
        report.cell("k8s/streams-and-exit-code", () -> {
            JsonNode result = client(alice, List.of(), "exec", "web", "sh", "-c", "echo out; echo err >&2; exit 3");
            same("out", "out\n", result.path("out").asText());
            same("err", "err\n", result.path("err").asText());
            same("exit", "3", result.path("exit").asText());
            return "exit 3";
        });
        bulk(alice);
        report.cell("k8s/terminal-size", () -> {
            String wait =
                    "n=0; while [ \"$(stty size)\" != '33 101' ] && [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done; stty size";
            List<String> flags = List.of("-tty", "-input", " ", "-until", "33 101");
            JsonNode result = client(alice, flags, "exec", "web", "sh", "-c", wait);
            contains("size", "33 101", result.path("out").asText());
            return "33 101";
        });
        report.cell("k8s/attach", () -> {
            JsonNode result = client(
                    alice, List.of("-tty", "-input", "echo $((6*7))-$((6*7))\n", "-until", "42-42"), "attach", "web");
            contains("output", "42-42", result.path("out").asText());
            return "typed and answered";
        });
        report.cell("k8s/refused", () -> {
            JsonNode nobody = client(mallory, List.of(), "exec", "web", "id");
            same("exit", "-1", nobody.path("exit").asText());
            JsonNode absent = client(alice, List.of(), "exec", "nothing", "id");
            same("exit", "-1", absent.path("exit").asText());
            return absent.path("error").asText();
        });
        if (Files.isExecutable(KUBECTL)) {
            kubectl(alice, mallory);
        } else {
            report.skip("kubectl/exec", "no kubectl here");
        }
    }

    /** 64 MiB in, and the same out: a command and a main process, without a terminal and on one that passes bytes as they are. */
    private void bulk(Path alice) {
        report.cell("k8s/64-mib-both-ways", () -> equal(client(alice, MIB, "exec", "web", "cat"), "input half-closed"));
        if (TestEngine.isPodman()) {
            // so it does without us: its monitor writes to the terminal and reads nothing meanwhile
            report.skip("k8s/64-mib-both-ways-terminal", "Podman stands still when a terminal's both ways are full");
        } else {
            report.cell("k8s/64-mib-both-ways-terminal", () -> {
                List<String> flags = List.of("-mib", "64", "-tty", "-after", "ready\n");
                return equal(client(alice, flags, "exec", "web", "sh", "-c", RAW_ECHO), "counted by the command");
            });
        }
        report.cell("k8s/attach-64-mib-both-ways", () -> {
            // its input ends with the one client's that came with it
            String feed = main("feed", List.of("-i"), "cat");
            try {
                return equal(client(alice, MIB, "attach", feed), "input half-closed, the container ended");
            } finally {
                world.engine().docker("rm", "-f", feed);
            }
        });
        report.cell("k8s/attach-64-mib-both-ways-terminal", () -> {
            String feed = main("feed-tty", List.of("-i", "-t"), "sh", "-c", RAW_ECHO);
            try {
                awaitReady(feed);
                return equal(client(alice, List.of("-mib", "64", "-tty"), "attach", feed), "the container ended");
            } finally {
                world.engine().docker("rm", "-f", feed);
            }
        });
    }

    private void awaitReady(String container) throws InterruptedException {
        Await.that("a terminal that is ready", Duration.ofSeconds(90))
                .until(() -> world.engine().docker("exec", container, "ls", "/tmp"), files -> files.contains("ready"));
    }

    /** A container whose main process waits for its input. Nothing of it is logged: the engine would write it as JSON. */
    private String main(String name, List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of("create", "--network", "none", "--log-driver", "none"));
        words.addAll(options);
        words.addAll(List.of("--name", name, TestEngine.IMAGE));
        words.addAll(List.of(command));
        world.engine().docker(words.toArray(String[]::new));
        world.engine().docker("start", name);
        return name;
    }

    private static String equal(JsonNode result, String how) {
        same("error", "", result.path("error").asText());
        same("bytes", Long.toString(64L << 20), result.path("bytes").asText());
        same("sha256", result.path("sent").asText(), result.path("got").asText());
        same("exit", "0", result.path("exit").asText());
        return "sha256 equal, " + how;
    }

    private void kubectl(Path alice, Path mallory) {
        report.cell("kubectl/exec", () -> {
            Ran ran = kubectl(alice, "", "exec", "web", "--", "sh", "-c", "echo hello; exit 5");
            contains("output", "hello", ran.output());
            same("exit", "5", Integer.toString(ran.exit()));
            return "exit 5";
        });
        report.cell("kubectl/pipe", () -> {
            Ran ran = kubectl(alice, "head -c 1048576 /dev/zero | ", "exec", "-i", "web", "--", "sha256sum");
            contains("sha256", "30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58", ran.output());
            return "1 MiB in";
        });
        report.cell("kubectl/refused", () -> {
            Ran ran = kubectl(mallory, "", "exec", "web", "--", "id");
            contains("words", "Nothing is granted to mallory", ran.output());
            Ran absent = kubectl(alice, "", "exec", "nothing", "--", "id");
            contains("words", "NotFound", absent.output());
            return absent.output().strip();
        });
    }

    private JsonNode client(Path token, List<String> flags, String verb, String pod, String... command)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(client, "-token", token.toString()));
        words.addAll(flags);
        words.addAll(List.of(verb, world.address(), ConsoleWorld.HOST, pod));
        words.addAll(List.of(command));
        try (Proc proc = Proc.start("k8s", words, Map.of(), logs, logs.resolve("k8s.log"))) {
            String line = proc.await("RESULT", text -> text.startsWith("RESULT "), PATIENCE);
            return Rest.parse(line.substring("RESULT ".length()));
        }
    }

    private record Ran(int exit, String output) {}

    /** The token is read from a kubeconfig, as people have it, and so stands in no list of processes. */
    private Ran kubectl(Path token, String before, String... words) throws IOException, InterruptedException {
        Path config = logs.resolve("kubeconfig-" + token.getFileName());
        Files.writeString(config, """
                apiVersion: v1
                kind: Config
                clusters: [ { name: c, cluster: { server: "%s", certificate-authority: "%s" } } ]
                users: [ { name: u, user: { tokenFile: "%s" } } ]
                contexts: [ { name: x, context: { cluster: c, user: u, namespace: %s } } ]
                current-context: x
                """.formatted(world.address(), world.authority(), token, ConsoleWorld.HOST));
        StringBuilder line = new StringBuilder(before).append(KUBECTL);
        for (String word : words) {
            line.append(" '").append(word).append('\'');
        }
        Path out = Files.createTempFile(logs, "kubectl", ".out");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line.toString());
        builder.environment().put("KUBECONFIG", config.toString());
        Process process = builder.redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .directory(logs.toFile())
                .start();
        return finish(process, out);
    }

    private static Ran finish(Process process, Path out) throws IOException, InterruptedException {
        if (!process.waitFor(90, java.util.concurrent.TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new Failed("kubectl does not end: " + Files.readString(out));
        }
        return new Ran(process.exitValue(), Files.readString(out));
    }

    static void same(String what, String expected, String found) {
        if (!expected.equals(found)) {
            throw new Failed(what + ": expected '" + expected + "', found '" + found + "'");
        }
    }

    static void contains(String what, String expected, String found) {
        if (!found.contains(expected)) {
            throw new Failed(what + ": expected '" + expected + "' in '" + found.strip() + "'");
        }
    }
}
