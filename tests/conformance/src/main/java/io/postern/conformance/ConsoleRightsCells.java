package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Consoles over the network: no open port at the container's host, rights one by one, and how they end. */
final class ConsoleRightsCells {
    /** Rights end consoles within two seconds; a busy machine may take longer without failing the run. */
    private static final long PROMISED_MILLIS = 2_000;

    private final ConsoleNetwork console;
    private final Report report;

    ConsoleRightsCells(ConsoleNetwork console, Report report) {
        this.console = console;
        this.report = report;
    }

    void run(String container) {
        report.cell("console/no-port", this::noPort);
        report.cell("console/two-routers", () -> twoRouters(container));
        report.cell("console/grants", () -> grants(container));
        report.cell("console/ticket", () -> ticket(container));
        revocations(container);
    }

    /** Neither the hosting router nor the engine listens on any TCP port. */
    private String noPort() throws IOException, InterruptedException {
        Set<Long> ours = new HashSet<>();
        long router = console.network().pid('A');
        ours.add(router);
        ProcessHandle.of(router).stream().flatMap(ProcessHandle::descendants).forEach(child -> ours.add(child.pid()));
        String folder = console.engine().socket().getParent().toString();
        ProcessHandle.allProcesses()
                .filter(process -> arguments(process.pid()).contains(folder))
                .forEach(process -> {
                    ours.add(process.pid());
                    process.descendants().forEach(child -> ours.add(child.pid()));
                });
        if (ours.size() < 2) {
            throw new Failed("the engine's process is not seen");
        }
        Process ss =
                new ProcessBuilder("ss", "-Hltnp").redirectErrorStream(true).start();
        String listening = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ss.waitFor() != 0 || !listening.contains("pid=" + console.network().pid('B') + ",")) {
            throw new Failed("ss does not show who listens: " + listening);
        }
        for (long pid : ours) {
            listening.lines().filter(line -> line.contains("pid=" + pid + ",")).forEach(line -> {
                throw new Failed("it listens: " + line);
            });
        }
        return ours.size() + " processes of router A and the engine, none listens";
    }

    private static String arguments(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private String twoRouters(String container) throws InterruptedException {
        console.grant("#two-routers", "exec");
        ConsoleUser user = console.user("two-routers", "two-routers");
        Set<String> before = PathCell.circuits(console.network()).keySet();
        try (ConsoleSocket shell = user.shell(container)) {
            shell.exchange("echo $((40+2)) höhö\n", "42 ");
            Map<String, List<String>> circuits = PathCell.circuits(console.network());
            circuits.keySet().removeAll(before);
            List<String> wanted =
                    List.of(console.network().routerBId(), console.network().routerAId());
            if (circuits.isEmpty() || !circuits.values().stream().allMatch(wanted::equals)) {
                throw new Failed("circuits " + circuits + ", not " + wanted);
            }
            shell.type("exit 7\n");
            int code = shell.await(
                            "exit", message -> message.path("type").asText().equals("exit"))
                    .path("code")
                    .asInt();
            if (code != 7) {
                throw new Failed("exit code " + code);
            }
            return String.join(" > ", wanted) + ", exit code 7";
        }
    }

    /** Each right alone opens its own kind of console and no other. */
    private String grants(String container) throws InterruptedException {
        StringBuilder seen = new StringBuilder();
        for (String action : List.of("observe", "attach", "exec", "copyIn")) {
            String name = console.freshName("only-" + action);
            console.grant("@" + name, action);
            ConsoleUser user = console.userOfName(name);
            int observe = ConsoleUser.status(() -> user.attach(container, true));
            int attach = ConsoleUser.status(() -> user.attach(container, false));
            int exec = ConsoleUser.status(() -> user.exec(container, false, "true"));
            List<Integer> all = List.of(observe, attach, exec);
            int open = List.of("observe", "attach", "exec").indexOf(action);
            for (int i = 0; i < all.size(); i++) {
                if (i == open ? all.get(i) != 101 : all.get(i) != 403) {
                    throw new Failed(action + " alone: observe, attach, exec answered " + all);
                }
            }
            seen.append(action).append(' ').append(all).append(' ');
        }
        ConsoleUser nobody = console.user("nobody");
        int status = ConsoleUser.status(() -> nobody.attach(container, true));
        if (status != 403 && status != 404) {
            throw new Failed("without a grant: " + status);
        }
        return seen.toString().strip();
    }

    private String ticket(String container) throws InterruptedException {
        String name = console.freshName("ticket");
        console.grant("@" + name, "exec");
        ConsoleUser user = console.userOfName(name);
        String url = user.ticket(container);
        try (ConsoleSocket opened = user.open(url)) {
            opened.exchange("echo t$((1+1))\n", "t2");
        }
        int again = ConsoleUser.status(() -> user.open(url));
        if (again != 401) {
            throw new Failed("a used ticket: " + again);
        }
        return "once";
    }

    private void revocations(String container) {
        revocation("grant", container, user -> console.grant("#nobody", "exec"), user -> {});
        revocation(
                "role",
                container,
                user -> console.admin("PATCH", "identities/" + user.id(), roles("other")),
                user -> {});
        revocation(
                "disabled",
                container,
                user -> console.admin(
                        "POST",
                        "identities/" + user.id() + "/disable",
                        Rest.object().put("durationMinutes", 0)),
                user -> {});
        revocation(
                "api-session",
                container,
                user -> console.admin("DELETE", "api-sessions/" + apiSession(user), null),
                user -> {});
        revocation("logout", container, user -> user.call("POST", "/v1/logout", null), user -> {});
        revocation(
                "identity-deleted",
                container,
                user -> console.admin("DELETE", "identities/" + user.id(), null),
                user -> {});
        revocation("policy", container, user -> console.proxyMayDial(false), user -> {
            console.proxyMayDial(true);
            admitted(user, container); // what comes after dials the host, too
        });
    }

    private static ObjectNode roles(String role) {
        ObjectNode patch = Rest.object();
        patch.putArray("roleAttributes").add(role);
        return patch;
    }

    private String apiSession(ConsoleUser user) {
        JsonNode sessions = console.network()
                .admin()
                .get(Rest.MANAGEMENT + "/api-sessions?filter=" + "identity%3D%22" + user.id() + "%22");
        return sessions.get(0).path("id").asText();
    }

    @FunctionalInterface
    private interface Change {
        void of(ConsoleUser user) throws InterruptedException;
    }

    private void revocation(String name, String container, Change change, Change back) {
        report.cell("console/ends/" + name, () -> {
            String role = "ends-" + name;
            console.grant("#" + role, "exec,attach", "#stays", "attach");
            ConsoleUser user = console.user(role, role);
            ConsoleUser other = console.user("stays-" + name, "stays");
            try (ConsoleSocket shell = user.shell(container);
                    ConsoleSocket stays = other.attach(container, false)) {
                boolean everybody = name.equals("grant") || name.equals("policy");
                long began = System.nanoTime();
                change.of(user);
                int code = shell.awaitClosed();
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                if (code != 1008) {
                    throw new Failed("it ended as " + shell.closeReason());
                }
                if (!everybody && stays.closed()) {
                    throw new Failed("another user's console ended, too: " + stays.closeReason());
                }
                int again = refused(user, container);
                return took + " ms" + (took > PROMISED_MILLIS ? ", LATER THAN PROMISED" : "") + ", then " + again;
            } finally {
                back.of(user);
            }
        });
    }

    /** With which status no console opens any more; what was believed before may be so for two seconds. */
    private static int refused(ConsoleUser user, String container) throws InterruptedException {
        return Await.that("a refusal", Duration.ofSeconds(60))
                .until(() -> ConsoleUser.status(() -> user.exec(container, false, "true")), status -> status != 101);
    }

    /** Waits until a console opens again. */
    private static void admitted(ConsoleUser user, String container) throws InterruptedException {
        Await.that("a console", Duration.ofSeconds(60))
                .until(() -> ConsoleUser.status(() -> user.exec(container, false, "true")), status -> status == 101);
    }

    private Set<String> eventTypes() {
        Set<String> types = new TreeSet<>();
        console.network()
                .admin()
                .get(Rest.MANAGEMENT + "/console-events?limit=500")
                .forEach(event -> types.add(event.path("type").asText()));
        return types;
    }

    /** Every event of a console is with the controller. Last, when all of it has happened. */
    void audit() {
        report.cell("console/audit", () -> {
            Set<String> wanted =
                    new TreeSet<>(Set.of("session.open", "session.close", "denied", "ticket.issued", "ticket.used"));
            Set<String> types = Await.that("events " + wanted, Duration.ofSeconds(60))
                    .until(this::eventTypes, each -> each.containsAll(wanted));
            JsonNode closed = console.network()
                    .admin()
                    .get(Rest.MANAGEMENT + "/console-events?filter="
                            + "type%3D%22session.close%22%20and%20identityName%3D%22" + lastOf("two-routers") + "%22");
            JsonNode event = closed.get(0);
            if (closed.size() != 1
                    || event.path("exitCode").asInt(-1) != 7
                    || event.path("bytesOut").asLong() == 0
                    || !event.path("host").asText().equals(ConsoleNetwork.HOST)) {
                throw new Failed("the close of two-routers: " + closed);
            }
            return types.toString();
        });
    }

    /** Name of the last user that was made with it: an earlier one was that of a try which failed. */
    private String lastOf(String stem) {
        return console.users().reversed().stream()
                .map(ConsoleUser::name)
                .filter(name -> name.startsWith(stem + "-"))
                .findFirst()
                .orElseThrow(() -> new Failed("no user is called " + stem));
    }

    /** No log of any process has a token, a ticket or a password in it. */
    void secrets() {
        report.cell("console/secrets", () -> {
            List<String> secrets = new ArrayList<>();
            console.users().forEach(user -> secrets.addAll(user.secrets()));
            secrets.removeIf(String::isEmpty);
            long searched = 0;
            try (Stream<Path> files = Files.list(console.logs())) {
                for (Path file : files.toList()) {
                    String log = Files.readString(file, StandardCharsets.ISO_8859_1);
                    searched += log.length();
                    for (String secret : secrets) {
                        if (log.contains(secret)) {
                            throw new Failed("a secret stands in " + file.getFileName());
                        }
                    }
                }
            }
            if (searched == 0) {
                throw new Failed("no logs in " + console.logs());
            }
            return secrets.size() + " secrets in none of " + searched / 1024 + " KiB of logs";
        });
    }
}
