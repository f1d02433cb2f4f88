package io.postern.router;

import io.postern.client.EnrollmentFailed;
import io.postern.router.config.InvalidConfig;
import io.postern.router.config.RouterConfig;
import io.postern.router.enroll.RouterEnroller;
import io.postern.router.enroll.WorkloadExchange;
import io.postern.transport.TlsEngine;
import io.postern.wire.Release;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The program: {@code run CONFIG...}, {@code enroll CONFIG --jwt FILE}. Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 wrong
 * config, 4 not enrolled.
 */
@QuarkusMain
public final class RouterMain {
    /** The configs, a line each; when no argument names one: that is how {@code quarkus:dev} is told. */
    static final String CONFIG_PROPERTY = "postern.router.config";

    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CONFIG = 3;
    static final int ENROLLMENT = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String HELP = """
            run CONFIG...                 run the edge router; or several in one process, with the http of the first
            enroll CONFIG --jwt FILE      get its certificates with a one-time token; FILE may be -
            enroll CONFIG --workload-token FILE --controller URL --ca FILE
                                          get them with the token that Kubernetes gives the pod; waits
                                          two minutes for a controller that does not answer yet
            --version                     say which release this is
            """;

    RouterMain() {}

    public static void main(String... arguments) {
        int code = run(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String[] arguments) {
        String verb = arguments.length == 0 ? "run" : arguments[0];
        try {
            return switch (verb) {
                case "run" -> start(arguments);
                case "enroll" -> enroll(arguments);
                case "help", "-h", "--help" -> say(HELP);
                case "version", "-V", "--version" -> say("postern-edge-router " + Release.NUMBER + "\n");
                default -> complain(USAGE, "There is no '" + verb + "'.\n" + HELP);
            };
        } catch (InvalidConfig e) {
            return complain(CONFIG, e.getMessage());
        } catch (IOException e) {
            return complain(CONFIG, "Cannot read " + e.getMessage());
        }
    }

    private static int start(String[] arguments) throws IOException {
        List<String> files = Stream.of(arguments).skip(1).toList();
        if (!files.isEmpty()) {
            System.setProperty(CONFIG_PROPERTY, String.join("\n", files));
        }
        if (System.getProperty(CONFIG_PROPERTY, "").isEmpty()
                || files.stream().anyMatch(file -> file.startsWith("-"))) {
            return complain(USAGE, "run needs the path of a config, or several.\n" + HELP);
        }
        TlsEngine.prepare();
        RouterConfig.Http http = configs().getFirst().http();
        System.setProperty("quarkus.http.host", http.host());
        System.setProperty("quarkus.http.port", String.valueOf(Math.max(http.port(), 0)));
        System.setProperty("quarkus.http.host-enabled", String.valueOf(http.port() >= 0));
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            StopSignals.listen();
        }
        Quarkus.run(RouterApplication.class, (code, failure) -> {
            if (failure != null) {
                complain(FAILED, String.valueOf(failure.getMessage()));
            }
            if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
                System.exit(code);
            }
        });
        return 0;
    }

    /**
     * What this process is to run.
     *
     * @throws InvalidConfig a sentence that names the key
     * @throws IOException when one cannot be read
     */
    static List<RouterConfig> configs() throws IOException {
        return RouterConfig.readAll(
                System.getProperty(CONFIG_PROPERTY).lines().map(Path::of).toList());
    }

    private static int enroll(String[] arguments) throws IOException {
        Map<String, String> options = options(arguments);
        boolean oneTime = options.keySet().equals(Set.of("--jwt"));
        if (!oneTime && !options.keySet().equals(Set.of("--workload-token", "--controller", "--ca"))) {
            return complain(USAGE, "enroll needs a config and a token.\n" + HELP);
        }
        RouterConfig config = RouterConfig.read(Path.of(arguments[1]));
        try {
            String jwt = oneTime ? token(options.get("--jwt")) : exchanged(options);
            String routerId = new RouterEnroller(config).enroll(jwt);
            return say("Enrolled as router " + routerId + ".\n");
        } catch (EnrollmentFailed | WorkloadExchange.Failed e) {
            return complain(ENROLLMENT, e.getMessage());
        }
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 2; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        return arguments.length % 2 == 0 ? options : Map.of();
    }

    private static String token(String file) throws IOException {
        String text = file.equals("-")
                ? new String(System.in.readNBytes(65_536), java.nio.charset.StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
        return text.strip();
    }

    private static String exchanged(Map<String, String> options) throws IOException {
        return new WorkloadExchange(URI.create(options.get("--controller")), Path.of(options.get("--ca")), PATIENCE)
                .exchange(token(options.get("--workload-token")));
    }

    private static int say(String text) {
        System.out.print(text);
        return 0;
    }

    private static int complain(int code, String text) {
        System.err.println(text.strip());
        return code;
    }
}
