package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The verbs that carry bytes: {@code try}, {@code tunnel}, {@code host}; stock clients at the other end. */
final class ServiceVerbCells {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Signal INT = new Signal("INT", 130);
    private static final Signal TERM = new Signal("TERM", 143);

    /** A signal, and the exit code that tells of it. */
    private record Signal(String name, int exit) {}

    private final World world;
    private final Report report;
    private final Verbs verbs;
    private final Path folder;

    ServiceVerbCells(World world, Report report, Verbs verbs, Path folder) {
        this.world = world;
        this.report = report;
        this.verbs = verbs;
        this.folder = folder;
    }

    /** The administrator is logged in. */
    void run(List<Client> clients, List<Host> hosts) {
        report.cell("verbs/try", this::tried);
        report.cell("verbs/try-stay", this::stayed);
        report.cell("verbs/try-interrupted", this::interrupted);
        if (clients.isEmpty() || hosts.isEmpty()) {
            report.skip("verbs/tunnel", "no stock client");
            return;
        }
        Client client = clients.getFirst();
        report.cell("verbs/tunnel-hosts-tcp", () -> hosted(client));
        report.cell("verbs/host-unix", () -> hostedSocket(client));
        report.cell("verbs/tunnel-proxies", () -> proxied(hosts.getFirst()));
    }

    /** A web server of the lane's own. */
    private static HttpServer site() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] page = "over the overlay".getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
        return server;
    }

    private void nothingLeft() throws ReflectiveOperationException {
        for (String kind : List.of(
                "identities", "services", "service-policies", "edge-router-policies", "service-edge-router-policies")) {
            String left = verbs.inside("list", kind, "try-", "-o", "name")
                    .expect(0)
                    .text()
                    .strip();
            if (!left.isEmpty()) {
                throw new Failed("left behind of " + kind + ": " + left);
            }
        }
    }

    private String tried() throws Exception {
        HttpServer site = site();
        try {
            String url = "http://127.0.0.1:" + site.getAddress().getPort() + "/";
            String text = verbs.process("try", url)
                    .expect(0, "HTTP/1.1 200 OK, 16 bytes", "-> router ", "end-to-end encrypted", "is gone again")
                    .text();
            nothingLeft();
            return text.lines()
                    .filter(line -> line.contains("path"))
                    .findFirst()
                    .orElse("")
                    .strip();
        } finally {
            site.stop(0);
        }
    }

    private String stayed() throws Exception {
        HttpServer site = site();
        String url = "http://127.0.0.1:" + site.getAddress().getPort() + "/";
        try (Proc proc = verbs.start("try", url, "--stay")) {
            String line = proc.await("a place to stay", each -> each.contains("It stays at"), LIMIT);
            Matcher at = Pattern.compile("http://[0-9.:]+/").matcher(line);
            if (!at.find()) {
                throw new Failed("no address in: " + line);
            }
            HttpResponse<String> page;
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(at.group()))
                        .timeout(LIMIT)
                        .build();
                page = http.send(request, HttpResponse.BodyHandlers.ofString());
            }
            if (!page.body().equals("over the overlay")) {
                throw new Failed("the page was " + page.body());
            }
            ended(proc, TERM);
            nothingLeft();
            return "";
        } finally {
            site.stop(0);
        }
    }

    /** Ctrl-C while the entities are being made, and when all stands. */
    private String interrupted() throws Exception {
        HttpServer site = site();
        String url = "http://127.0.0.1:" + site.getAddress().getPort() + "/";
        try {
            for (String moment : List.of(" identity try-", " hosted by ", "It stays at")) {
                try (Proc proc = verbs.start("try", url, "--stay")) {
                    proc.await(moment, line -> line.contains(moment), LIMIT);
                    ended(proc, INT);
                }
                nothingLeft();
            }
            return "";
        } finally {
            site.stop(0);
        }
    }

    private static void ended(Proc proc, Signal signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal.name(), Long.toString(proc.pid()))
                .start()
                .waitFor();
        int code = proc.exitCode(LIMIT);
        if (code != signal.exit()) {
            throw new Failed("exit " + code + " after SIG" + signal.name());
        }
    }

    private void noTerminator(String service) throws ReflectiveOperationException {
        String left = verbs.inside(
                        "list", "terminators", "--filter", "service.name = \"" + service + "\"", "-o", "name")
                .expect(0)
                .text()
                .strip();
        if (!left.isEmpty()) {
            throw new Failed("a terminator is left: " + left);
        }
    }

    /** An identity that may host what the lanes' policies call a service; its file. */
    private Path hostIdentity(String lane) throws Exception {
        Path file = folder.resolve(lane + ".json");
        verbs.inside("enroll", world.identity("host", lane).toString(), "-o", file.toString())
                .expect(0);
        return file;
    }

    private String service(String name, String config) throws ReflectiveOperationException {
        ObjectNode service = Rest.object().put("name", name).put("encryptionRequired", true);
        service.putArray("roleAttributes").add("svc-" + world.tag());
        if (!config.isEmpty()) {
            String id = verbs.inside("create", "config", name, "--type", "host.v1", "--data", config)
                    .expect(0)
                    .text()
                    .strip();
            service.putArray("configs").add(id);
        }
        world.network().admin().create("services", service);
        return name;
    }

    private void dials(Client client, String service) throws IOException, InterruptedException {
        String dialer = world.file("dial", client).toString();
        client.once("verbs", LIMIT, "dial", dialer, service, "E", "4194304");
        client.once("verbs", LIMIT, "dial", dialer, service, "H", "1048576");
    }

    private String hosted(Client client) throws Exception {
        try (PlainTalk target = PlainTalk.tcp()) {
            Path identity = hostIdentity("tunnel");
            String config = "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":" + target.port() + "}";
            String name = service("tunnel-" + world.tag(), config);
            try (Proc proc = verbs.start("tunnel", "-i", identity.toString())) {
                proc.await("hosting", line -> line.startsWith("hosting " + name), LIMIT);
                dials(client, name);
                ended(proc, TERM);
            }
            noTerminator(name);
            return "4 MiB echoed, 1 MiB half-closed, by " + client.lane();
        }
    }

    private String hostedSocket(Client client) throws Exception {
        Path socket = Files.createTempDirectory("talk").resolve("engine.sock");
        Path identity = hostIdentity("engine");
        String name = service("engine-" + world.tag(), "");
        verbs.process("host", socket.toString(), "--service", name, "-i", identity.toString())
                .expect(5, "There is no socket " + socket);
        try (PlainTalk target = PlainTalk.unix(socket);
                Proc proc = verbs.start("host", socket.toString(), "--service", name, "-i", identity.toString())) {
            proc.await("hosting", line -> line.startsWith("hosting " + name + " at unix:"), LIMIT);
            dials(client, name);
            ended(proc, INT);
            noTerminator(name);
            return "";
        } finally {
            Folders.delete(socket.getParent());
        }
    }

    private String proxied(Host host) throws Exception {
        Path identity = folder.resolve("proxy.json");
        verbs.inside("enroll", world.identity("dial", "proxy").toString(), "-o", identity.toString())
                .expect(0);
        String service = world.service(host.lane(), true);
        try (Proc proc = verbs.start("tunnel", "-i", identity.toString(), "--no-host", "--proxy", service + ":0")) {
            String line = proc.await("a port", each -> each.startsWith(service + " is at "), LIMIT);
            String[] at = line.substring((service + " is at ").length()).split(":");
            String told = PlainTalk.halfClosed(at[0], Integer.parseInt(at[1].strip()), 4 * 1024 * 1024);
            ended(proc, INT);
            return told;
        }
    }
}
