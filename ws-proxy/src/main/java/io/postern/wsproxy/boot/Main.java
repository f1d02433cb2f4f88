package io.postern.wsproxy.boot;

import io.postern.observe.ParentWatch;
import io.postern.transport.Listening;
import io.postern.transport.TlsEngine;
import io.postern.wire.Release;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * The program: {@code [--config FILE] [-Dname=value…]}. The file holds properties; {@code config/application.properties} in the
 * working folder is read as well. Exit codes: 0 told to stop, 1 failed, 2 wrong arguments, 3 wrong configuration, 130
 * told to stop twice.
 */
@QuarkusMain
public final class Main {
    static final int USAGE = 2;
    static final int CONFIG = 3;

    static final int HURRIED = 130;

    private static final String LOCATIONS = "smallrye.config.locations";
    private static final String HELP = """
            ws-proxy [--config FILE] [-Dname=value ...]
              --config FILE   properties, such as postern.ws-proxy.identity=/etc/postern/ws-proxy.json
              -Dname=value    one property, before the file's
              --version       say which release this is
            """;

    private static final AtomicBoolean STOPPING = new AtomicBoolean();
    private static volatile Runnable beforeExit = () -> {};

    private Main() {}

    /** Runs until the process is told to stop. */
    public static void main(String... arguments) {
        String asked = asked(arguments);
        if (asked != null) {
            System.out.println(asked.strip());
            System.exit(0);
        }
        String wrong = take(arguments);
        if (wrong != null) {
            complain(USAGE, wrong + "\n" + HELP);
        }
        TlsEngine.prepare();
        if (!Boolean.getBoolean("quarkus.appcds.generate")) {
            check();
        }
        // told to stop is not a failure; the JVM itself would end with 143
        for (String name : List.of("TERM", "INT")) {
            Signal.handle(new Signal(name), signal -> stop());
        }
        ParentWatch.startWhereAsked(() -> Quarkus.asyncExit(0));
        Quarkus.run();
    }

    /** What is done first when the process is told to stop, while everything still works. */
    static void beforeExit(Runnable task) {
        beforeExit = task;
    }

    /** Whoever asks twice has no patience. */
    private static void stop() {
        if (!STOPPING.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(HURRIED);
        }
        Thread.ofPlatform().name("stop").start(() -> {
            beforeExit.run();
            System.exit(0);
        });
    }

    /** What is asked for without starting, or null. */
    static @Nullable String asked(String... arguments) {
        return switch (arguments.length == 1 ? arguments[0] : "") {
            case "help", "-h", "--help" -> HELP;
            case "version", "-V", "--version" -> "postern-ws-proxy " + Release.NUMBER;
            default -> null;
        };
    }

    /** Turns arguments into system properties. */
    static @Nullable String take(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i];
            if (word.equals("--config")) {
                if (++i == arguments.length || !Files.isReadable(Path.of(arguments[i]))) {
                    return "--config needs a file that can be read.";
                }
                System.setProperty(
                        LOCATIONS, Path.of(arguments[i]).toAbsolutePath().toString());
            } else if (word.startsWith("-D") && word.indexOf('=') > 2) {
                System.setProperty(word.substring(2, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            } else {
                return "There is no '" + word.replaceFirst("=.*", "") + "'.";
            }
        }
        return null;
    }

    private static void check() {
        SmallRyeConfig config = config();
        Optional<String> complaint = Startup.complaint(
                config.getOptionalValue("postern.ws-proxy.identity", String.class)
                        .orElse(System.getProperty("user.home") + "/.postern/ws-proxy/identity.json"),
                config.getOptionalValue("postern.ws-proxy.bind", String.class).orElse("127.0.0.1"),
                config.getOptionalValue("postern.ws-proxy.tls.certificate", String.class),
                config.getOptionalValue("postern.ws-proxy.tls.key", String.class));
        complaint
                .or(() -> Startup.keys(config.getOptionalValues("postern.recording.keys", String.class)
                        .orElse(List.of())))
                .or(() -> Listening.complaint(
                                config.getOptionalValue("postern.ws-proxy.bind", String.class)
                                        .orElse("127.0.0.1"),
                                config.getOptionalValue("postern.ws-proxy.port", Integer.class)
                                        .orElse(8443))
                        .map(why ->
                                "The proxy " + why + "; postern.ws-proxy.bind and postern.ws-proxy.port say where."))
                .ifPresent(text -> complain(CONFIG, text));
    }

    /** What is known before Quarkus reads its configuration: properties, environment, files. */
    private static SmallRyeConfig config() {
        var builder = new SmallRyeConfigBuilder().addDefaultInterceptors().addSystemSources();
        add(builder, Path.of(System.getProperty(LOCATIONS, "")), 265);
        add(builder, Path.of("config", "application.properties"), 260);
        return builder.build();
    }

    private static void add(SmallRyeConfigBuilder builder, Path file, int ordinal) {
        if (Files.isRegularFile(file)) {
            try {
                builder.withSources(new PropertiesConfigSource(file.toUri().toURL(), ordinal));
            } catch (IOException e) {
                complain(CONFIG, "The file " + file + " cannot be read.");
            }
        }
    }

    private static void complain(int code, String text) {
        System.err.println(text.strip());
        System.exit(code);
    }
}
