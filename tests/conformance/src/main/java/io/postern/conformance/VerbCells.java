package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our own verbs against the running network: login, every kind from create to delete, enrollment whose identity file every
 * stock SDK reads, and refusals by their words and exit codes.
 */
final class VerbCells {
    private static final int REFUSED = 1;
    private static final int USAGE = 2;
    private static final int NOT_LOGGED_IN = 3;
    private static final int UNREACHABLE = 4;
    private static final int FILE = 5;

    private final World world;
    private final Report report;
    private final Path folder;
    private final String name;
    private final Map<String, String> ids = new LinkedHashMap<>();
    private @Nullable Verbs verbs;

    VerbCells(World world, Report report) {
        this.world = world;
        this.report = report;
        this.folder = world.folder().resolve("verbs");
        this.name = "verbs-" + world.tag();
    }

    void run(Path root, Path logs, List<Client> clients, List<Host> hosts) throws IOException {
        if (!world.network().breakable()) {
            report.skip("verbs/all", "attached network");
            return;
        }
        Files.createDirectories(folder);
        if (!report.needed("verbs/login", () -> login(root, logs))) {
            return;
        }
        if (report.cell("verbs/create", this::create)) {
            report.cell("verbs/list-and-show", this::listAndShow);
            report.cell("verbs/update", this::update);
            report.cell("verbs/refusals", this::refusals);
            report.cell("verbs/delete", this::delete);
        }
        new ServiceVerbCells(world, report, verbs(), folder).run(clients, hosts);
        if (!hosts.isEmpty()) {
            new DiagnosisCells(world, report, verbs(), folder).run(hosts.getFirst());
        }
        enroll(clients, hosts);
        report.cell("verbs/expired-login", this::expired);
        verbs().close();
    }

    private Verbs verbs() {
        return java.util.Objects.requireNonNull(verbs);
    }

    private Verbs.Outcome verb(String... arguments) throws ReflectiveOperationException {
        return verbs().inside(arguments);
    }

    private String login(Path root, Path logs) throws Exception {
        verbs = new Verbs(root, logs);
        Network.Admin admin = world.network().credentials();
        String address = world.network().admin().base().toString();
        Path profile = Path.of(System.getenv("POSTERN_PROFILE"));
        Files.deleteIfExists(profile);
        Path right = Files.writeString(folder.resolve("right"), admin.password() + "\n");
        Path wrong = Files.writeString(folder.resolve("wrong"), "not the password\n");
        verbs().process("list", "identities").expect(NOT_LOGGED_IN, "Not logged in");
        verbs().process("login", address, "--password-file", right.toString()).expect(UNREACHABLE, "Not trusted");
        verbs().process("login", address, "--yes", "--password-file", wrong.toString())
                .expect(NOT_LOGGED_IN, "does not accept this name and password");
        if (Files.exists(profile)) {
            throw new Failed("a refused login left a profile behind");
        }
        Verbs.Outcome in = verbs().process("login", address, "--yes", "--password-file", right.toString())
                .expect(0, "Logged in to " + address + " as " + admin.user());
        if (in.text().contains(admin.password())) {
            throw new Failed("the password is shown");
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(profile));
        if (!mode.equals("rw-------")) {
            throw new Failed("the profile is " + mode);
        }
        verbs().process("list", "identities").expect(0, "ID", "NAME");
        return "";
    }

    private void made(String kind, String... flags) throws ReflectiveOperationException {
        List<String> command = new ArrayList<>(List.of("create", kind));
        command.addAll(List.of(flags));
        String id = verb(command.toArray(String[]::new)).expect(0).text().strip();
        if (!id.matches("[A-Za-z0-9._-]+")) {
            throw new Failed("create " + kind + " prints no id: " + id);
        }
        ids.put(kind, id);
    }

    private String create() throws ReflectiveOperationException, IOException {
        Path secret = Files.writeString(folder.resolve("secret"), name + "\n");
        made("config-type", name, "--set", "schema={\"type\":\"object\"}");
        made("config", name, "--type", name, "--data", "{\"port\":1}");
        made("service", name, "--config", name, "-r", "verbs");
        made("identity", name, "-r", "verbs");
        made(
                "edge-router",
                name,
                "-r",
                "verbs",
                "--jwt-out",
                folder.resolve("router.jwt").toString());
        made(
                "service-policy",
                name,
                "--type",
                "dial",
                "--identity-roles",
                "#verbs,@" + name,
                "--service-roles",
                "@" + name);
        made("edge-router-policy", name, "--identity-roles", "#verbs", "--edge-router-roles", "@" + name);
        made("service-edge-router-policy", name, "--service-roles", "#verbs", "--edge-router-roles", "#all");
        made("terminator", "--service", name, "--router", name, "--set", "binding=edge", "--set", "address=x");
        made("enrollment", "--identity", name, "--set", "method=updb", "--set", "username=" + name);
        made("authenticator", "--identity", name, "--set", "username=" + name, "--password-file", secret.toString());
        return ids.size() + " kinds";
    }

    /** Where an entity is told to the other verbs: by name where its kind has one. */
    private String told(String kind) {
        return switch (kind) {
            case "terminator", "enrollment", "authenticator" -> String.valueOf(ids.get(kind));
            default -> name;
        };
    }

    private String listAndShow() throws ReflectiveOperationException {
        int forms = 0;
        for (String kind : ids.keySet()) {
            String plural = kind.equals("identity") ? "identities" : kind.replaceAll("y$", "ie") + "s";
            String id = String.valueOf(ids.get(kind));
            verb("list", plural).expect(0, id, "ID");
            verb("list", kind, "--filter", "id = \"" + id + "\"", "-o", "json").expect(0, "\"id\" : \"" + id + "\"");
            JsonNode shown = Rest.parse(
                    verb("show", kind, told(kind), "-o", "json").expect(0).text());
            if (!shown.path("id").asText().equals(id)) {
                throw new Failed("show " + kind + ": " + shown);
            }
            verb("show", kind, told(kind)).expect(0, "id: ");
            forms += 4;
        }
        verb("list", "identities", name, "-o", "name").expect(0, name);
        verb("list", "identities", "--limit", "1", "-o", "yaml").expect(0, "id: ");
        for (String kind : List.of("api-sessions", "sessions", "circuits", "links")) {
            verb("list", kind).expect(0, "ID");
        }
        return forms + " answers";
    }

    private void changed(String kind, String shown, String... flags) throws ReflectiveOperationException {
        List<String> command = new ArrayList<>(List.of("update", kind, told(kind)));
        command.addAll(List.of(flags));
        verb(command.toArray(String[]::new)).expect(0);
        verb("show", kind, told(kind), "-o", "json").expect(0, shown);
    }

    private String update() throws ReflectiveOperationException {
        changed("config-type", "\"additionalProperties\"", "--set", "schema={\"additionalProperties\":true}");
        changed("config", "\"port\" : 2", "--data", "{\"port\":2}");
        changed("service", "\"changed\"", "-r", "changed");
        changed("identity", "\"changed\"", "-r", "changed");
        changed("edge-router", "\"cost\" : 7", "--set", "cost=7");
        changed("service-policy", "\"AllOf\"", "--semantic", "allof");
        changed("edge-router-policy", "\"AllOf\"", "--semantic", "AllOf");
        changed("service-edge-router-policy", "\"AllOf\"", "--semantic", "AllOf");
        changed("terminator", "\"cost\" : 3", "--set", "cost=3");
        changed("authenticator", "\"" + name + "-2\"", "--set", "username=" + name + "-2");
        return "";
    }

    private String refusals() throws Exception {
        verb("create", "service", name).expect(REFUSED, "name");
        verb("create", "edge-router", name + "-x", "--set", "cost=-1").expect(REFUSED, "cost");
        verb("create", "edge-router", name + "-x", "--set", "isTunnelerEnabled=maybe")
                .expect(REFUSED, "isTunnelerEnabled");
        verb("create", "service", name + "-x", "--set", "encryptionRequired=maybe")
                .expect(REFUSED, "encryptionRequired");
        verb("create", "service-policy", name + "-x", "--type", "dial", "--service-roles", "@nosuch")
                .expect(REFUSED, "There is no service nosuch");
        verb("update", "service", name).expect(USAGE, "Nothing to change");
        verb("update", "authenticator", told("authenticator"), "--set", "password=x")
                .expect(USAGE, "seen by others");
        verb("list", "services", "--filter", "name ==== 1").expect(REFUSED);
        verb("list", "widgets").expect(USAGE, "There is no kind 'widgets'", "identities");
        verb("show", "identity", "nosuch").expect(REFUSED, "There is no identity nosuch");
        verb("delete", "config", name).expect(REFUSED, "in use");
        verb("delete", "identity", name, "nosuch").expect(REFUSED, "There is no identity nosuch");
        verb("show", "identity", name).expect(0);
        verb("enroll", folder.resolve("nosuch.jwt").toString()).expect(FILE, "There is no file");
        Path noToken = Files.writeString(folder.resolve("bad.jwt"), "no token");
        verb("enroll", noToken.toString()).expect(FILE, "no enrollment token");
        verb("login", "https://localhost:1", "--yes", "-p", "x").expect(USAGE, "seen by others");
        // one of them as a process: words on standard error, the code as the shell sees it
        verbs().process("login", "https://localhost:1", "--yes", "--password-file", noToken.toString())
                .expect(UNREACHABLE);
        return "";
    }

    private String delete() throws ReflectiveOperationException {
        List<String> order = new ArrayList<>(ids.keySet()).reversed();
        for (String kind : order) {
            verb("delete", kind, told(kind)).expect(0);
            verb("show", kind, told(kind)).expect(REFUSED);
        }
        return order.size() + " kinds";
    }

    /** The file that {@code postern enroll} writes, in the hands of each stock SDK; and the token once more. */
    private void enroll(List<Client> clients, List<Host> hosts) {
        Path file = folder.resolve("dialer.json");
        boolean enrolled = report.cell("verbs/enroll", () -> {
            Path jwt = world.identity("dial", "verbs");
            verbs().process("enroll", jwt.toString(), "-o", file.toString()).expect(0, "Wrote " + file);
            verb("enroll", jwt.toString(), "-o", file.toString()).expect(FILE, "exists");
            Path second = folder.resolve("second.json");
            verb("enroll", jwt.toString(), "-o", second.toString()).expect(REFUSED);
            if (Files.exists(second)) {
                throw new Failed("a refused enrollment left a file behind");
            }
            verb("login", "--identity", file.toString()).expect(0, "Logged in to");
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        });
        if (!enrolled || hosts.isEmpty()) {
            return;
        }
        Host host = hosts.getFirst();
        for (Client client : clients) {
            report.cell(
                    "verbs/identity-file-" + client.lane(),
                    () -> client.once(
                            "verbs",
                            Duration.ofSeconds(90),
                            "dial",
                            file.toString(),
                            world.service(host.lane(), true),
                            "E",
                            "65536"));
        }
    }

    /** A login that an administrator ended says so, and what to do. */
    private String expired() throws ReflectiveOperationException, IOException {
        Network.Admin admin = world.network().credentials();
        String address = world.network().admin().base().toString();
        Path right = Files.writeString(folder.resolve("right"), admin.password() + "\n");
        verb("login", address, "--yes", "--password-file", right.toString()).expect(0);
        Path profile = Path.of(System.getenv("POSTERN_PROFILE"));
        String token = Rest.parse(Files.readString(profile)).path("token").asText();
        Rest own = new Rest(world.network().admin().base(), null);
        own.use(token);
        Rest.expect("logout", own.call("DELETE", Rest.CLIENT + "/current-api-session", null), 200);
        verb("list", "identities").expect(NOT_LOGGED_IN, "run 'postern login'");
        return "";
    }
}
