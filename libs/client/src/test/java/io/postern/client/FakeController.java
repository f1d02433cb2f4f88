package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.Keys;
import io.postern.pki.San;
import io.postern.pki.TrustBundle;
import io.postern.testkit.TrustAny;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** As much of a controller as a client needs: enrollment, one API Session per login, services, sessions. */
final class FakeController implements AutoCloseable {
    final Authority authority;
    final AtomicInteger sessionsMade = new AtomicInteger();
    final AtomicInteger logins = new AtomicInteger();
    final Map<String, ObjectNode> services = new ConcurrentHashMap<>();
    final Map<String, String> routers = new ConcurrentHashMap<>();
    final Map<String, String> people = new ConcurrentHashMap<>();
    final Set<String> apiSessions = ConcurrentHashMap.newKeySet();
    private final Set<String> tokens = new HashSet<>();
    final AtomicInteger sessionsRefused = new AtomicInteger();
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** How many entries a list claims to have; -1 for those that it has. */
    volatile int total = -1;

    volatile boolean balanced;
    /** Id of a service that gets no session. */
    volatile String refused = "";

    private final HttpsServer server;
    private final KeyPair keys;
    private final X509Certificate leaf;

    FakeController(KeyPair keys) throws Exception {
        this.keys = keys;
        Instant now = Instant.now();
        authority = Authority.root(Keys.ec256(), "test root", now).intermediate(Keys.ec256(), "test intermediate", now);
        leaf = authority.issue(
                keys.getPublic(), "controller", names(), Authority.Usage.SERVER, now, Duration.ofDays(1));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setWantClientAuth(true);
                parameters.setSSLParameters(tls);
            }
        });
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    static List<San> names() {
        return List.of(new San.Dns("localhost"), new San.Ip("127.0.0.1"));
    }

    String address() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    String token(String method, String subject, Instant expiresAt) {
        return token(address(), method, subject, expiresAt);
    }

    String token(String issuer, String method, String subject, Instant expiresAt) {
        String token = UUID.randomUUID().toString();
        tokens.add(token);
        return EnrollmentToken.oneTime(issuer, subject, method, token, expiresAt, List.of("tls:localhost:1"))
                .sign(keys.getPrivate(), leaf);
    }

    void service(String name, boolean encrypted, String... permissions) {
        ObjectNode service = Http.JSON.createObjectNode();
        service.put("id", "id-" + name).put("name", name).put("encryptionRequired", encrypted);
        var array = service.putArray("permissions");
        List.of(permissions).forEach(array::add);
        service.putObject("config");
        service.putArray("postureQueries");
        services.put(name, service);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().replaceFirst("^/edge/(client|management)/v1", "");
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            switch (path) {
                case "/.well-known/est/cacerts" ->
                    reply(exchange, 200, "application/pkcs7-mime", TrustBundle.toPkcs7Base64(authority.chain()));
                case "/enroll" -> enroll(exchange, query, body);
                case "/authenticate" -> {
                    logins.incrementAndGet();
                    data(exchange, 200, session("api-" + UUID.randomUUID()));
                }
                default -> authorized(exchange, path, query, body);
            }
        }
    }

    private void authorized(HttpExchange exchange, String path, String query, String body) throws IOException {
        asked.add(path);
        String token = exchange.getRequestHeaders().getFirst("zt-session");
        if (token == null || !apiSessions.contains(token)) {
            error(exchange, 401, "UNAUTHORIZED");
            return;
        }
        switch (path) {
            case "/current-api-session" -> data(exchange, 200, session(token));
            case "/current-identity" ->
                data(
                        exchange,
                        200,
                        Http.JSON.createObjectNode().put("name", "tester").put("isAdmin", false));
            case "/identities" -> error(exchange, 401, "UNAUTHORIZED");
            case "/services" -> services(exchange, query);
            case "/sessions" -> sessions(exchange, token, body);
            default -> error(exchange, 404, "NOT_FOUND");
        }
    }

    private ObjectNode session(String token) {
        apiSessions.add(token);
        ObjectNode session = Http.JSON.createObjectNode();
        session.put("id", "id-" + token).put("token", token).put("identityId", "me");
        session.putObject("identity").put("name", "tester");
        session.put("expiresAt", Instant.now().plusSeconds(1800).toString());
        return session;
    }

    private void services(HttpExchange exchange, String query) throws IOException {
        ObjectNode root = Http.JSON.createObjectNode();
        var array = root.putArray("data");
        services.values().stream()
                .filter(service -> !query.contains("name = ")
                        || query.contains("name = \"" + service.path("name").asText() + "\""))
                .forEach(array::add);
        root.putObject("meta").putObject("pagination").put("totalCount", total < 0 ? array.size() : total);
        reply(exchange, 200, "application/json", root.toString());
    }

    private void sessions(HttpExchange exchange, String apiSession, String body) throws IOException {
        JsonNode wanted = Http.JSON.readTree(body);
        if (services.values().stream().noneMatch(each -> each.path("id").equals(wanted.path("serviceId")))) {
            error(exchange, 404, "NOT_FOUND");
            return;
        }
        if (wanted.path("serviceId").asText().equals(refused)) {
            sessionsRefused.incrementAndGet();
            error(exchange, 400, "COULD_NOT_VALIDATE");
            return;
        }
        ObjectNode session = Http.JSON.createObjectNode();
        session.put("id", "session-" + sessionsMade.incrementAndGet());
        session.put(
                "token",
                wanted.path("type").asText() + ":" + wanted.path("serviceId").asText() + "#" + apiSession);
        var list = session.putArray("edgeRouters");
        routers.forEach((name, address) -> list.addObject()
                .put("name", name)
                .putObject("supportedProtocols")
                .put("tls", address));
        data(exchange, 201, session);
    }

    private void enroll(HttpExchange exchange, String query, String body) throws IOException {
        String token = query.replaceFirst(".*token=", "");
        if (!tokens.remove(token)) {
            error(exchange, 400, "INVALID_ENROLLMENT_TOKEN");
            return;
        }
        ObjectNode data = Http.JSON.createObjectNode();
        Instant now = Instant.now();
        if (query.contains("updb")) {
            JsonNode person = Http.JSON.readTree(body);
            data.put("username", person.path("username").asText("chosen for you"));
            people.put(data.path("username").asText(), person.path("password").asText());
        } else if (query.contains("erott")) {
            JsonNode csrs = Http.JSON.readTree(body);
            Csr client = Csr.parse(csrs.path("certCsr").asText());
            Csr serving = Csr.parse(csrs.path("serverCertCsr").asText());
            data.put("cert", chain(authority.client(client, List.of(), now, Duration.ofDays(1))));
            data.put("serverCert", chain(authority.server(serving, now, Duration.ofDays(1))));
            data.put("ca", Certificates.toPem(authority.chain()));
        } else {
            data.put("cert", chain(authority.client(Csr.parse(body), List.of(), now, Duration.ofDays(1))));
        }
        data(exchange, 200, data);
    }

    private String chain(X509Certificate certificate) {
        return Certificates.toPem(authority.withIntermediates(certificate));
    }

    private static void data(HttpExchange exchange, int status, JsonNode data) throws IOException {
        ObjectNode root = Http.JSON.createObjectNode();
        root.set("data", data);
        root.putObject("meta");
        reply(exchange, status, "application/json", root.toString());
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        reply(
                exchange,
                status,
                "application/json",
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"},\"meta\":{}}");
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private SSLContext context() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "k",
                keys.getPrivate(),
                new char[0],
                authority.withIntermediates(leaf).toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return TrustAny.context(new KeyManager[] {new Balanced((X509ExtendedKeyManager) factory.getKeyManagers()[0])});
    }

    /** Behind one address controllers share the key; once there are others, each connection sees another certificate of it. */
    private final class Balanced extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager one;

        Balanced(X509ExtendedKeyManager one) {
            this.one = one;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            if (!balanced) {
                return one.getCertificateChain(alias);
            }
            X509Certificate other = authority.issue(
                    keys.getPublic(), "controller", names(), Authority.Usage.SERVER, Instant.now(), Duration.ofDays(2));
            return authority.withIntermediates(other).toArray(X509Certificate[]::new);
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return one.chooseEngineServerAlias(type, issuers, engine);
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return one.chooseServerAlias(type, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return one.getServerAliases(type, issuers);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return one.getPrivateKey(alias);
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
