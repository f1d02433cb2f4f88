import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Runs the programs of the images once, in a small network of their own on loopback, and leaves beside each a cache of the
 * classes that it loaded: {@code java images/Train.java ROOT OUT PROGRAM…}. Called by images/layout.
 */
final class Train {
    private static final Duration WAIT = Duration.ofMinutes(10);
    private static final int ATTEMPTS = 4;
    private static final Path HOST_JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path root;
    private final Path out;
    private final List<String> programs;
    private final Path home = Files.createTempDirectory("postern-training");
    private final List<Process> running = new ArrayList<>();
    private final HttpClient http;
    private final int port = freePort();

    private Train(Path root, Path out, List<String> programs) throws Exception {
        this.root = root;
        this.out = out;
        this.programs = programs;
        // the database server runs as a user of its own, who must get through
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        SSLContext blind = SSLContext.getInstance("TLS");
        blind.init(null, new TrustManager[] {new Anybody()}, null);
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        this.http = HttpClient.newBuilder().sslContext(blind).build();
    }

    public static void main(String... arguments) throws Exception {
        var train = new Train(Path.of(arguments[0]), Path.of(arguments[1]), List.of(arguments).subList(2, arguments.length));
        Runtime.getRuntime().addShutdownHook(new Thread(train::clean));
        train.run();
    }

    private void run() throws Exception {
        // holds the database, and does what the others need when the controller is not one of ours
        Path database = Files.createDirectory(home.resolve("database"));
        // made by the controller, it would be for its user only: the server would need a namespace, which builders do not give
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rwxr-xr-x"));
        int management = freePort();
        Process first = start("first", List.of(HOST_JAVA.toString()), hostJar("controller"), controllerSettings("first", management, database), List.of());
        until("the first controller", first, () -> ok("http://127.0.0.1:" + management + "/q/health/ready"));
        if (programs.contains("controller")) {
            trainController(database);
        }
        Path password = Files.writeString(home.resolve("password"), "training-only-password");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        patiently(attempt -> postern("login", "https://localhost:" + port, "-u", "admin", "--password-file", password.toString(), "-y"));
        if (programs.contains("edge-router")) {
            trainRouter();
        }
        if (programs.contains("ws-proxy")) {
            trainProxy();
        }
    }

    private Map<String, String> controllerSettings(String name, int management, Path database) {
        return Map.of(
                "POSTERN_DATA_FOLDER", database.toString(),
                "POSTERN_CONTROLLER_ID", name,
                "POSTERN_BIND_PORT", String.valueOf(port),
                "POSTERN_ADMIN_PASSWORD", "training-only-password",
                "QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
    }

    /** A second controller over the first one's database: images carry none. */
    private void trainController(Path database) throws Exception {
        int management = freePort();
        int own = freePort();
        Path data = database.resolve("postgres");
        Map<String, String> settings = new java.util.HashMap<>(controllerSettings("second", management, home.resolve("second")));
        settings.put("POSTERN_BIND_PORT", String.valueOf(own));
        settings.put("POSTERN_KEY_FILE", database.resolve("pki.key").toString());
        settings.put("POSTERN_DB_URL", "postgresql://127.0.0.1:" + databasePort(data) + "/postern");
        settings.put("POSTERN_DB_USERNAME", "postern");
        settings.put("POSTERN_DB_PASSWORD", databasePassword(data));
        Process controller = train("controller", settings, List.of());
        until("the controller", controller, () -> ok("http://127.0.0.1:" + management + "/q/health/ready"));
        ok("https://127.0.0.1:" + own + "/edge/client/v1/version");
        answers(HttpClient.Version.HTTP_2, "https://127.0.0.1:" + own + "/edge/client/v1/version");
        ok("http://127.0.0.1:" + management + "/q/metrics");
        end(controller, "controller");
    }

    private void trainRouter() throws Exception {
        int health = freePort();
        Path config = Files.writeString(home.resolve("router.yml"), """
                v: 3
                identity: { cert: router/cert.pem, server_cert: router/server.pem, key: router/key.pem, ca: router/ca.pem }
                ctrl: { endpoint: "tls:localhost:%d" }
                link: { dialers: [ { binding: transport } ] }
                listeners:
                  - { binding: edge, address: "tls:127.0.0.1:0", options: { advertise: "localhost:0" } }
                csr: { sans: { dns: [ localhost ], ip: [ 127.0.0.1 ] } }
                http: { port: %d }
                """.formatted(port, health));
        patiently(attempt -> {
            Path token = home.resolve("router-" + attempt + ".jwt");
            postern("create", "edge-router", "training-" + attempt, "--jwt-out", token.toString());
            Process enroll = start("enroll", List.of(HOST_JAVA.toString()), hostJar("edge-router"), Map.of(), List.of("enroll", config.toString(), "--jwt", token.toString()));
            if (!enroll.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS) || enroll.exitValue() != 0) {
                throw new IOException("the router does not enroll: " + log("enroll"));
            }
        });
        Process router = train("edge-router", Map.of(), List.of("run", config.toString()));
        until("the router", router, () -> ok("http://127.0.0.1:" + health + "/health/ready"));
        ok("http://127.0.0.1:" + health + "/metrics");
        end(router, "edge-router");
    }

    private void trainProxy() throws Exception {
        int own = freePort();
        Path identity = home.resolve("proxy.json");
        patiently(attempt -> {
            Path token = home.resolve("proxy-" + attempt + ".jwt");
            postern("create", "identity", "training-proxy-" + attempt, "--jwt-out", token.toString());
            postern("enroll", token.toString(), "-o", identity.toString());
        });
        Process proxy = train("ws-proxy", Map.of("POSTERN_WS_PROXY_IDENTITY", identity.toString(), "POSTERN_WS_PROXY_PORT", String.valueOf(own)), List.of());
        until("the proxy", proxy, () -> ok("https://127.0.0.1:" + own + "/q/health/ready"));
        ok("https://127.0.0.1:" + own + "/q/metrics");
        end(proxy, "ws-proxy");
    }

    /** What one program asks of another. */
    private interface Step {
        void run(int attempt) throws Exception;
    }

    /** Under emulation an answer may come later than the one who asks waits for it; what is made is named by the attempt. */
    private static void patiently(Step step) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                step.run(attempt);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                System.err.println("once more: " + e.getMessage());
            }
        }
    }

    /** Starts a program of an image with its own runtime and flags, writing down what it loads. */
    private Process train(String program, Map<String, String> settings, List<String> arguments) throws IOException {
        Path image = out.resolve(program);
        List<String> java = new ArrayList<>(List.of(image.resolve("opt/java/bin/java").toString()));
        for (String flag : Files.readAllLines(image.resolve("opt/postern/jvm.args"))) {
            if (!flag.startsWith("-XX:AOTCache=") && !flag.startsWith("-Xlog:")) {
                java.add(flag.replace("=/opt/postern/", "=" + image + "/opt/postern/"));
            }
        }
        java.add("-XX:AOTCacheOutput=" + image.resolve("opt/postern/app.aot"));
        return start(program, java, image.resolve("opt/postern/app/quarkus-run.jar"), settings, arguments);
    }

    private void end(Process process, String program) throws Exception {
        process.destroy();
        if (!process.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException(program + " does not end");
        }
        Path cache = out.resolve(program).resolve("opt/postern/app.aot");
        if (!Files.isRegularFile(cache)) {
            throw new IOException("no cache was made for " + program + ": " + log(program));
        }
        Files.deleteIfExists(Path.of(cache + ".config"));
        Files.setLastModifiedTime(cache, FileTime.from(Instant.ofEpochSecond(1_767_225_600)));
        System.out.println(program + ": cache of " + Files.size(cache) / 1_048_576 + " MB");
    }

    private Process start(String name, List<String> java, Path jar, Map<String, String> settings, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(java);
        if (jar != null && java.size() == 1) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        if (jar != null) {
            command.addAll(List.of("-jar", jar.toString()));
        }
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).redirectOutput(home.resolve(name + ".log").toFile());
        builder.environment().putAll(settings);
        Process process = builder.start();
        running.add(process);
        return process;
    }

    private void postern(String... arguments) throws Exception {
        Path app = root.resolve("cli/target/image");
        List<String> java = List.of(HOST_JAVA.toString(), "-cp", app + "/app/*:" + app + "/lib/boot/*:" + app + "/lib/main/*", "io.postern.cli.Main");
        Process cli = start("cli", java, null, Map.of("HOME", home.toString(), "POSTERN_PROFILE", home.resolve("profile.json").toString()), List.of(arguments));
        if (!cli.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS) || cli.exitValue() != 0) {
            throw new IOException("postern " + String.join(" ", arguments) + ": " + log("cli"));
        }
    }

    private Path hostJar(String program) {
        return root.resolve(program).resolve("target/image/quarkus-run.jar");
    }

    private static String databasePort(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            Path pid = files.filter(file -> file.endsWith("postmaster.pid")).findFirst().orElseThrow();
            return Files.readAllLines(pid).get(3);
        }
    }

    private static String databasePassword(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            return Files.readString(files.filter(file -> file.endsWith("password")).findFirst().orElseThrow()).strip();
        }
    }

    /** Asked as probes and scrapers ask. */
    private boolean ok(String url) {
        return answers(HttpClient.Version.HTTP_1_1, url);
    }

    private boolean answers(HttpClient.Version version, String url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).version(version).timeout(Duration.ofSeconds(10)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void until(String what, Process process, java.util.function.BooleanSupplier ready) throws Exception {
        Instant end = Instant.now().plus(WAIT);
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new IOException(what + " does not start: " + logs());
            }
            Thread.sleep(100);
        }
    }

    private String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(home)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
                all.append("\n--- ").append(file.getFileName()).append('\n').append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private String log(String name) throws IOException {
        return Files.readString(home.resolve(name + ".log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void clean() {
        running.forEach(Process::destroy);
        try {
            for (Process process : running) {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
            try (var files = Files.walk(home)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println(home + " stays: " + e.getMessage());
        }
    }

    /** The training network's certificates are minutes old and guard nothing. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
