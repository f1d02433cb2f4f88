package io.postern.controller.boot;

import io.postern.observe.ParentWatch;
import io.postern.transport.TlsEngine;
import io.postern.wire.Release;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Starts the controller. With no {@code postern.db.url} it starts the embedded PostgreSQL first and tells Quarkus by system
 * properties; it stops that server after Quarkus has stopped.
 */
@QuarkusMain
public final class Main {
    /** How long Quarkus may take to stop. */
    private static final Duration LAST = Duration.ofSeconds(20);

    private static final int USAGE = 2;
    private static final String HELP = """
            The controller takes no arguments. Its settings, docs/configuration.md, come from the environment
            (POSTERN_BIND_PORT=1281) or from config/application.properties (postern.bind.port=1281).""";

    private static volatile boolean quarkusRuns;
    private static volatile boolean quarkusEnded;

    private Main() {}

    /** Runs until the process is told to stop. */
    public static void main(String... args) {
        if (args.length > 0) {
            System.exit(answer(args[0]));
        }
        ParentWatch.startWhereAsked(Main::leave);
        TlsEngine.prepare();
        if (!Boolean.getBoolean("quarkus.appcds.generate") && !databaseIsNamed()) {
            SmallRyeConfig config = config();
            if (config.getOptionalValue("postern.db.url", String.class).isEmpty()) {
                embed(Path.of(config.getOptionalValue("postern.data-folder", String.class)
                        .orElse(System.getProperty("user.home") + "/.postern/controller")));
            }
        }
        quarkusRuns = true;
        noteItsEnd();
        Quarkus.run(args);
    }

    /** Quarkus keeps an application that did not start for the current one. */
    private static void noteItsEnd() {
        var leave = ApplicationLifecycleManager.getDefaultExitCodeHandler();
        ApplicationLifecycleManager.setDefaultExitCodeHandler((code, failure) -> {
            quarkusEnded = true;
            leave.accept(code, failure);
        });
    }

    /** What is asked for without starting; the exit code. */
    private static int answer(String word) {
        return switch (word) {
            case "help", "-h", "--help" -> say(System.out, 0, HELP);
            case "version", "-V", "--version" -> say(System.out, 0, "postern-controller " + Release.NUMBER);
            default -> say(System.err, USAGE, HELP);
        };
    }

    private static int say(PrintStream where, int code, String text) {
        where.println(text);
        return code;
    }

    /**
     * The parent is gone: this process follows, at whatever point it is. Quarkus forgets an exit that it is told of while it
     * starts, so it is told until it has ended; in the end the database server sees its owner vanish and shuts down.
     */
    private static void leave() {
        if (!quarkusRuns) {
            System.exit(1);
        }
        try {
            for (long end = System.nanoTime() + LAST.toNanos(); System.nanoTime() - end < 0; ) {
                Quarkus.asyncExit(1);
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    /** In the places where it mostly is, for which no configuration need be read. */
    private static boolean databaseIsNamed() {
        String url = System.getenv("POSTERN_DB_URL");
        return System.getProperty("postern.db.url") != null || url != null && !url.isBlank();
    }

    private static void embed(Path dataFolder) {
        var postgres = new EmbeddedPostgres(dataFolder.resolve("postgres"));
        // before the server runs, so that none outlives an end in the middle of its start
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAfterQuarkus(postgres), "postgres-stop"));
        try {
            Database database = postgres.start();
            System.setProperty("postern.db.url", database.url());
            System.setProperty("postern.db.username", database.username());
            System.setProperty("postern.db.password", database.password());
        } catch (IOException e) {
            StartRefusal.DATABASE.end(e.getMessage());
        }
    }

    /** Shutdown hooks run side by side; the database must outlive its clients. */
    private static void closeAfterQuarkus(EmbeddedPostgres postgres) {
        try {
            for (long end = System.nanoTime() + LAST.toNanos();
                    !quarkusEnded && Application.currentApplication() != null && System.nanoTime() - end < 0; ) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        postgres.close();
    }

    /** What is known before Quarkus reads its configuration: properties, environment, config/application.properties. */
    private static SmallRyeConfig config() {
        var builder = new SmallRyeConfigBuilder().addDefaultInterceptors().addSystemSources();
        Path file = Path.of("config", "application.properties");
        if (Files.isRegularFile(file)) {
            try {
                builder.withSources(new PropertiesConfigSource(file.toUri().toURL(), 260));
            } catch (IOException e) {
                System.err.println("postern: " + file + " cannot be read");
            }
        }
        return builder.build();
    }
}
