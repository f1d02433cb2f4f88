package io.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real container engine for tests, on a socket of its own, with folders of its own and no network, and one image,
 * {@link #IMAGE}, that is a busybox: {@code dockerd}, or Podman's service where the variable {@value #GIVEN} says {@code podman}.
 * Docker's command line speaks to either. Ended by its pid, with all that it started. Needs root.
 */
public final class TestEngine implements AutoCloseable {
    /** A busybox with the users root and app (1000). */
    public static final String IMAGE = "busybox:test";

    private static final String GIVEN = "POSTERN_TEST_ENGINE";
    private static final String PODMAN = "podman";
    /** What a machine without systemd, or whose own limits are below Podman's defaults, can run. */
    private static final String PODMAN_CONFIG = """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
            log_driver = "k8s-file"
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "runc"
            """;

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The kernel ends a child with the thread that forked it, so one thread forks and lives as long as the program. */
    private static final ExecutorService FORKER = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("engine-forker").unstarted(task));

    private static volatile TestEngine shared;

    private final Path folder;
    private final Path socket;
    private Process daemon;
    private boolean closed;

    private TestEngine(Path folder) {
        this(folder, folder.resolve("docker.sock"));
    }

    private TestEngine(Path folder, Path socket) {
        this.folder = folder;
        this.socket = socket;
    }

    /** Why no engine can be started here; empty when one can. */
    public static Optional<String> missing() {
        if (!System.getProperty("user.name").equals("root")) {
            return Optional.of("a test engine needs root");
        }
        if (which("dockerd").isEmpty() || which("docker").isEmpty()) {
            return Optional.of("there is no dockerd (Debian package docker.io)");
        }
        if (isPodman() && (which(PODMAN).isEmpty() || which("runc").isEmpty())) {
            return Optional.of("there is no podman with runc (Debian packages podman, runc)");
        }
        if (which("busybox").isEmpty()) {
            return Optional.of("there is no busybox (Debian package busybox-static)");
        }
        return Optional.empty();
    }

    /** Are engines that {@link #start} Podman's? */
    public static boolean isPodman() {
        return PODMAN.equals(System.getenv(GIVEN));
    }

    private static Optional<Path> which(String program) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * One engine for the whole program; ends with it. Where the variable {@value #GIVEN} names the unix socket of another
     * engine, it is that one, which is left as it is but for the image.
     */
    public static synchronized TestEngine shared() {
        if (shared == null) {
            String given = System.getenv(GIVEN);
            TestEngine engine = given == null || isPodman() ? start() : given(Path.of(given));
            Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "engine-end"));
            shared = engine;
        }
        return shared;
    }

    private static TestEngine given(Path socket) {
        try {
            TestEngine engine = new TestEngine(Files.createTempDirectory("pe"), socket);
            engine.makeImage();
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An engine that answers and has the image. */
    public static TestEngine start() {
        try {
            TestEngine engine = new TestEngine(Files.createTempDirectory("pe"));
            try {
                engine.up();
                engine.makeImage();
            } catch (IOException | RuntimeException e) {
                engine.close();
                throw e;
            }
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The engine's API. */
    public Path socket() {
        return socket;
    }

    /** Starts the daemon, which {@link #down} or {@link #kill} ended, with what it had. */
    public synchronized void up() {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            command.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "TERM", "--"));
        }
        command.addAll(isPodman() ? podman() : dockerd());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment()
                .put("CONTAINERS_CONF", folder.resolve("containers.conf").toString());
        daemon = forked(builder::start);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (run(List.of("version")).exit() != 0) {
            if (!daemon.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the engine does not come up:\n" + tail());
            }
            pause();
        }
    }

    private List<String> dockerd() {
        List<String> command =
                new ArrayList<>(List.of(which("dockerd").orElseThrow().toString()));
        command.addAll(List.of("-H", "unix://" + socket()));
        command.addAll(List.of("--data-root", folder.resolve("data").toString()));
        command.addAll(List.of("--exec-root", folder.resolve("exec").toString()));
        command.addAll(List.of("--pidfile", folder.resolve("pid").toString()));
        command.addAll(List.of("--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"));
        command.addAll(List.of("--bridge=none", "--storage-driver=vfs", "--shutdown-timeout=2"));
        return command;
    }

    private List<String> podman() {
        try {
            Files.writeString(folder.resolve("containers.conf"), PODMAN_CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command =
                new ArrayList<>(List.of(which(PODMAN).orElseThrow().toString()));
        command.addAll(List.of("--root", folder.resolve("data").toString()));
        command.addAll(List.of("--runroot", folder.resolve("exec").toString()));
        command.addAll(List.of("--tmpdir", folder.resolve("tmp").toString(), "--storage-driver", "vfs"));
        command.addAll(List.of("system", "service", "-t", "0", "unix://" + socket()));
        return command;
    }

    /** Ends the daemon as an operator does; containers end with it, which Podman's need to be told. */
    public synchronized void down() {
        if (isPodman()) {
            docker("ps", "-q").lines().forEach(container -> docker("stop", "-t", "2", container));
        }
        daemon.destroy();
        await(daemon);
    }

    /** Ends the daemon as a fault does, and all that it started. */
    public synchronized void kill() {
        daemon.destroyForcibly();
        await(daemon);
        sweep();
        try {
            if (isPodman()) {
                forgetRunning();
            }
            Files.deleteIfExists(folder.resolve("pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Podman has no daemon that looks after its containers: that they ended is news to it only after a machine's restart. */
    private void forgetRunning() throws IOException {
        forgetStates();
        unmount();
        delete(folder.resolve("exec"));
        delete(folder.resolve("tmp"));
    }

    /** What the runtime keeps of Podman's containers, outside of our folder. */
    private void forgetStates() throws IOException {
        Path kept = folder.resolve("data/vfs-containers");
        if (Files.exists(kept)) {
            try (Stream<Path> containers = Files.list(kept)) {
                containers
                        .filter(Files::isDirectory)
                        .forEach(each -> exec(List.of(
                                "runc", "delete", "--force", each.getFileName().toString())));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** Runs the stock command line on this engine; its output without the last line end. */
    public String docker(String... arguments) {
        Ran ran = run(List.of(arguments));
        if (ran.exit() != 0) {
            throw new IllegalStateException("docker " + String.join(" ", arguments) + ": " + ran.output());
        }
        return ran.output().strip();
    }

    /** A container without network that runs; its id. Options before the image, then the command. */
    public String container(List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--network", "none"));
        words.addAll(options);
        words.add(IMAGE);
        words.addAll(List.of(command));
        return docker(words.toArray(String[]::new));
    }

    /** Ends a container and forgets it, whatever state it is in. */
    public void remove(String container) {
        run(List.of("rm", "-f", "-v", container));
    }

    private record Ran(int exit, String output) {}

    private Ran run(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(which("docker").orElseThrow().toString());
        command.addAll(List.of("-H", "unix://" + socket()));
        command.addAll(arguments);
        return exec(command);
    }

    private static Ran exec(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.redirectInput(Path.of("/dev/null").toFile());
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void makeImage() throws IOException {
        Path image = folder.resolve("image");
        Path bin = Files.createDirectories(image.resolve("bin"));
        Files.createDirectories(image.resolve("tmp"));
        Files.createDirectories(image.resolve("root"));
        Files.createDirectories(image.resolve("etc"));
        Files.writeString(
                image.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/tmp:/bin/sh\n");
        Path busybox = which("busybox").orElseThrow();
        Files.copy(busybox, bin.resolve("busybox"));
        for (String applet :
                exec(List.of(busybox.toString(), "--list")).output().split("\n")) {
            if (!applet.isBlank() && !applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Path tar = folder.resolve("image.tar");
        exec(List.of("chmod", "1777", image.resolve("tmp").toString()));
        Ran packed = exec(List.of("tar", "-C", image.toString(), "-cf", tar.toString(), "."));
        if (packed.exit() != 0) {
            throw new IllegalStateException("tar: " + packed.output());
        }
        docker("import", "-c", "CMD [\"sh\"]", tar.toString(), "docker.io/library/" + IMAGE);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (daemon != null) {
            daemon.destroy();
            await(daemon);
        }
        sweep();
        unmount();
        try {
            if (isPodman()) {
                forgetStates();
            }
            delete(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("test engine left " + folder + ": " + e);
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Ends what the daemon started: each such process has this engine's folder in its arguments or its cgroup's shim as parent. */
    private void sweep() {
        List<ProcessHandle> ours = ProcessHandle.allProcesses()
                .filter(process -> arguments(process.pid()).contains(folder + "/"))
                .toList();
        List<ProcessHandle> below =
                ours.stream().flatMap(ProcessHandle::descendants).toList();
        Stream.concat(ours.stream(), below.stream()).forEach(ProcessHandle::destroyForcibly);
        ours.forEach(process -> process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join());
    }

    private static String arguments(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private void unmount() {
        try {
            Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ")[1])
                    .filter(point -> point.startsWith(folder + "/"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(point -> exec(List.of("umount", "-l", point)));
        } catch (IOException e) {
            System.err.println("test engine cannot read its mounts: " + e);
        }
    }

    private Path log() {
        return folder.resolve("log");
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static <T> T forked(Callable<T> task) {
        try {
            return FORKER.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
