package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.postern.cli.login.Profiles;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import picocli.CommandLine;

/**
 * As much of a controller's REST API as verbs need: what was put in is listed, shown and deleted; a POST is answered with the
 * id {@code made}, or as {@link #on} says. A login to it is stored, and {@link #run} runs a command with that.
 */
public final class FakeApi implements AutoCloseable {
    private static final char[] PASSWORD = "fake".toCharArray();

    /** What was asked. */
    public record Call(String method, String path, String query, JsonNode body, String token) {}

    /** What is answered. */
    public record Reply(int status, String body) {
        public static Reply data(String json) {
            return new Reply(200, "{\"data\":" + json + ",\"meta\":{}}");
        }

        public static Reply refused(int status, String code) {
            return new Reply(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"},\"meta\":{}}");
        }
    }

    /** How a command ended, and what it printed. */
    public record Ran(int code, String out, String err) {}

    public final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, List<ObjectNode>> entities = new ConcurrentHashMap<>();
    private final Map<String, Function<Call, Reply>> answers = new ConcurrentHashMap<>();
    private final Authority authority;
    private final HttpsServer server;

    public FakeApi() throws GeneralSecurityException, IOException {
        Instant now = Instant.now();
        authority = Authority.root(Keys.ec256(), "fake root", now).intermediate(Keys.ec256(), "fake intermediate", now);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(now)));
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        store("");
    }

    /** Base address. */
    public URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    public String ca() {
        return Certificates.toPem(authority.chain());
    }

    /** Name of the profile of the login to this one. */
    public String profile() {
        return "fake-" + server.getAddress().getPort();
    }

    /** Where it is stored. */
    public Path profileFile() {
        return Path.of(System.getenv("XDG_CONFIG_HOME"), "postern/profiles", profile() + ".json");
    }

    /** An identity file of this network. */
    public Path identity(Path file) throws IOException {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = authority.issue(
                keys.getPublic(), "id", List.of(), Authority.Usage.CLIENT, Instant.now(), Duration.ofDays(1));
        String api = address() + "/edge/client/v1";
        new IdentityFile(
                        api,
                        List.of(),
                        Keys.toPem(keys.getPrivate()),
                        Certificates.toPem(authority.withIntermediates(leaf)),
                        ca(),
                        List.of())
                .write(file);
        return file;
    }

    /** Stores the login anew. @param identity file that it logs in with; empty for a login by password */
    public void store(String identity) throws IOException {
        ObjectNode login = Json.MAPPER
                .createObjectNode()
                .put("controller", address().toString())
                .put("user", "admin")
                .put("token", "stored")
                .put("ca", ca());
        if (!identity.isEmpty()) {
            login.put("identity", identity);
        }
        IdentityFile.writePrivate(profileFile(), login.toString());
    }

    /** An entity in the list at {@code path}, such as {@code /services}. */
    public FakeApi with(String path, String json) throws IOException {
        entities.computeIfAbsent(path, any -> new CopyOnWriteArrayList<>())
                .add((ObjectNode) Json.MAPPER.readTree(json));
        return this;
    }

    /** Answers {@code POST /services}, say, in this way. */
    public FakeApi on(String methodAndPath, Function<Call, Reply> reply) {
        answers.put(methodAndPath, reply);
        return this;
    }

    /** The bodies of what was sent by this method, in order. */
    public List<JsonNode> sent(String method) {
        return calls.stream()
                .filter(call -> call.method().equals(method))
                .map(Call::body)
                .toList();
    }

    /** Runs a command with the login to this one. */
    public Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = arguments[0].equals("--profile")
                ? arguments
                : Stream.concat(Stream.of("--profile", profile()), Stream.of(arguments))
                        .toArray(String[]::new);
        CommandLine line = CommandLines.prepared(new Postern(), all);
        line.setOut(new PrintWriter(new BufferedWriter(out), true));
        line.setErr(new PrintWriter(new BufferedWriter(err), true));
        int code = line.execute(all);
        return new Ran(code, out.toString(), err.toString());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/(edge/(client|management)|fabric)/v1", "");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Call call = new Call(
                    exchange.getRequestMethod(),
                    path,
                    String.valueOf(exchange.getRequestURI().getQuery()),
                    Json.MAPPER.readTree(body),
                    String.valueOf(exchange.getRequestHeaders().getFirst("zt-session")));
            calls.add(call);
            Function<Call, Reply> special = answers.get(call.method() + " " + path);
            Reply reply = special == null ? usual(call) : special.apply(call);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Reply usual(Call call) {
        return switch (call.method()) {
            case "POST" -> new Reply(201, "{\"data\":{\"id\":\"made\"},\"meta\":{}}");
            case "GET" -> {
                int last = call.path().lastIndexOf('/');
                yield last == 0
                        ? list(call)
                        : entities.getOrDefault(call.path().substring(0, last), List.of()).stream()
                                .filter(each -> each.path("id")
                                        .asText()
                                        .equals(call.path().substring(last + 1)))
                                .findFirst()
                                .map(each -> Reply.data(each.toString()))
                                .orElse(Reply.refused(404, "NOT_FOUND"));
            }
            default -> Reply.data("{}");
        };
    }

    /** All of them, or those whose name or id the filter quotes. */
    private Reply list(Call call) {
        List<String> found = entities.getOrDefault(call.path(), List.of()).stream()
                .filter(each -> !call.query().contains("filter=")
                        || call.query()
                                .contains(
                                        ControllerClient.quote(each.path("name").asText("?")))
                        || call.query()
                                .contains(ControllerClient.quote(each.path("id").asText())))
                .map(ObjectNode::toString)
                .toList();
        return new Reply(
                200,
                "{\"data\":[" + String.join(",", found) + "],\"meta\":{\"pagination\":{\"totalCount\":" + found.size()
                        + "}}}");
    }

    private SSLContext context(Instant now) throws GeneralSecurityException, IOException {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = authority.issue(
                keys.getPublic(),
                "fake",
                List.of(new San.Dns("localhost"), new San.Ip("127.0.0.1")),
                Authority.Usage.SERVER,
                now,
                Duration.ofDays(1));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        X509Certificate[] chain = authority.withIntermediates(leaf).toArray(X509Certificate[]::new);
        store.setKeyEntry("server", keys.getPrivate(), PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    @Override
    public void close() throws IOException {
        Profiles.choose(null); // the last command's choice counts for the whole process
        server.stop(0);
        Files.deleteIfExists(profileFile());
    }
}
