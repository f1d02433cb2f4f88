package io.postern.testkit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real container engine for tests, on a socket of its own, with folders of its own and no network, and one image,
 * {@link #IMAGE}, that is a busybox: {@code dockerd}, or Podman's service where the variable {@value #GIVEN} says {@code podman}.
 * Docker's command line speaks to either. Ended by its pid, with all that it started. Needs root.
 */
public final class TestEngine implements AutoCloseable {
    /** A busybox with the users root and app (1000). */
    public static final String IMAGE = "busybox:test";

    private static final String GIVEN = "POSTERN_TEST_ENGINE";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static volatile @Nullable TestEngine shared;

    private final Brand brand = isPodman() ? new Podman() : new Docker();
    private final Path folder;
    private final Path socket;
    private @Nullable Process daemon;
    private boolean closed;

    private TestEngine(Path folder, Path socket) {
        this.folder = folder;
        this.socket = socket;
    }

    /** Why no engine can be started here; empty when one can. */
    public static Optional<String> missing() {
        if (!System.getProperty("user.name").equals("root")) {
            return Optional.of("a test engine needs root");
        }
        Optional<String> commandLine = Machine.which("docker").isEmpty()
                ? Optional.of("there is no docker (Debian package docker.io)")
                : Optional.empty();
        Brand brand = isPodman() ? new Podman() : new Docker();
        return Stream.of(commandLine, brand.missing(), Busybox.missing())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Are engines that {@link #start} Podman's? */
    public static boolean isPodman() {
        return Podman.NAME.equals(System.getenv(GIVEN));
    }

    /**
     * One engine for the whole program; ends with it. Where the variable {@value #GIVEN} names the unix socket of another
     * engine, it is that one, which is left as it is but for the image.
     */
    public static synchronized TestEngine shared() {
        TestEngine engine = shared;
        if (engine == null) {
            String given = System.getenv(GIVEN);
            engine = given == null || isPodman() ? start() : given(Path.of(given));
            Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "engine-end"));
            shared = engine;
        }
        return engine;
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
            Path folder = Files.createTempDirectory("pe");
            TestEngine engine = new TestEngine(folder, folder.resolve("docker.sock"));
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

    private void makeImage() throws IOException {
        String tar = Busybox.tar(folder).toString();
        docker("import", "-c", "CMD [\"sh\"]", tar, "docker.io/library/" + IMAGE);
    }

    /** The engine's API. */
    public Path socket() {
        return socket;
    }

    /** Starts the daemon, which {@link #down} or {@link #kill} ended, with what it had. */
    public synchronized void up() {
        Process started;
        try {
            ProcessBuilder builder = new ProcessBuilder(brand.command(folder, socket))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(brand.environment(folder));
            started = Machine.daemon(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon = started;
        Instant deadline = Instant.now().plus(PATIENCE);
        while (run(List.of("version")).exit() != 0) {
            if (!started.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the engine does not come up:\n" + tail());
            }
            pause();
        }
    }

    /** Ends the daemon as an operator does; containers end with it. */
    public synchronized void down() {
        brand.endContainers(words -> docker(words.toArray(String[]::new)));
        end(false);
    }

    /** Ends the daemon as a fault does, and all that it started. */
    public synchronized void kill() {
        end(true);
        Machine.sweep(folder);
        try {
            brand.forgetRunning(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(boolean atOnce) {
        Process ended = daemon;
        if (ended != null) {
            if (atOnce) {
                ended.destroyForcibly();
            } else {
                ended.destroy();
            }
            Machine.await(ended);
        }
    }

    /** Runs the stock command line on this engine; its output without the last line end. */
    public String docker(String... arguments) {
        Machine.Ran ran = run(List.of(arguments));
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

    private Machine.Ran run(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Machine.which("docker").orElseThrow().toString());
        command.addAll(List.of("-H", "unix://" + socket));
        command.addAll(arguments);
        return Machine.run(command);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        end(false);
        Machine.sweep(folder);
        Machine.unmount(folder);
        try {
            brand.forget(folder);
            Machine.delete(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("test engine left " + folder + ": " + e);
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
            throw Machine.interrupted(e);
        }
    }
}
