package io.postern.cli.quickstart;

import io.postern.cli.Failure;
import io.postern.cli.Steps;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern quickstart}. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "Run a network on this machine: a controller, two edge routers, a hosted service and a dialer.",
            "Shows a request crossing both routers, then stays up until Ctrl-C. Run again, it goes on where it was."
        })
public final class QuickstartCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "--check", description = "Show it once, then stop everything and exit with 0 or 1.")
    boolean check;

    @Option(names = "--home", description = "Folder of its state (default: ~/.postern/quickstart).")
    @Nullable
    Path home;

    static Path usualFolder() {
        return Path.of(System.getProperty("user.home"), ".postern", "quickstart");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = home == null ? usualFolder() : home;
        Home state = Home.open(folder.toAbsolutePath().normalize());
        try (Processes processes = new Processes(state)) {
            Runtime.getRuntime().addShutdownHook(new Thread(processes::close, "quickstart-stop"));
            Steps steps = new Steps(out);
            try (Demonstration demonstration = new Demonstration(state, processes, steps)) {
                demonstration.run();
                if (!check) {
                    processes.rest();
                    System.gc(); // from here on this program only waits
                    addresses(out, state);
                    String died = processes.awaitDeath();
                    if (died != null) {
                        throw new Failure(Failure.REFUSED, died);
                    }
                }
            }
        } catch (IOException | Failure e) {
            Failure failure = Failure.of(e);
            throw new Failure(failure.exitCode(), failure.getMessage() + System.lineSeparator() + state.whereToLook());
        }
        return 0;
    }

    private static void addresses(PrintWriter out, Home home) {
        out.println();
        out.println("The network stays up until Ctrl-C.");
        out.println("  controller      " + home.controller());
        out.println("  edge router a   tls:localhost:" + home.port("edge-a"));
        out.println("  edge router b   tls:localhost:" + home.port("edge-b"));
        out.println("  administrator   admin, password in " + home.passwordFile());
        out.println("  identities      " + home.file("host.json") + ", " + home.file("dialer.json"));
        out.println("  logs            " + home.file("logs"));
        out.println();
        out.println("Try:");
        out.println("  ./postern login " + home.controller() + " --yes --password-file " + home.passwordFile());
        out.println("  ./postern list identities");
    }
}
