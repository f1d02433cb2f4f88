package io.postern.cli.trial;

import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.Logs;
import io.postern.cli.Steps;
import io.postern.cli.login.Profile;
import io.postern.cli.login.Profiles;
import io.postern.cli.quickstart.RunningQuickstart;
import io.postern.client.ControllerClient;
import io.postern.client.hosting.HostConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern try}: a local address as a service, there and back. */
@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        description = {
            "Host a local URL as a service, fetch it through the overlay, and show what happened.",
            "Uses the stored login of an administrator, or else the quickstart that is running. What it makes (two"
                    + " identities, a service, policies) it takes away again, however it ends."
        })
public final class TryCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "URL", description = "What to host, such as http://localhost:8000/.")
    String url;

    @Option(names = "--stay", description = "Keep it reachable at a local port until Ctrl-C.")
    boolean stay;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Site site = Site.of(url);
        Logs.quietNetty();
        try (ControllerClient admin = administrator()) {
            Steps steps = new Steps(spec.commandLine().getOut());
            try (Trial trial = new Trial(admin, steps)) {
                // A signal takes everything away as well; what an exit needs for that is a second.
                Runtime.getRuntime().addShutdownHook(new Thread(trial::close, "try-stop"));
                trial.run(site, config(site));
                if (stay) {
                    steps.tell("It stays at http://127.0.0.1:" + trial.port() + site.path() + " until Ctrl-C.");
                    new CountDownLatch(1).await();
                }
            }
            steps.tell("everything that was made is gone again");
        }
        return 0;
    }

    private static HostConfig config(Site site) throws IOException {
        String json = Json.MAPPER
                .createObjectNode()
                .put("protocol", "tcp")
                .put("address", site.host())
                .put("port", site.port())
                .toString();
        return List.copyOf(HostConfig.of(Map.of("host.v1", json))).getFirst();
    }

    private static ControllerClient administrator() throws IOException {
        Optional<Profile> stored = Profiles.here().look();
        if (stored.isPresent()) {
            return stored.get().connect();
        }
        return RunningQuickstart.administrator()
                .orElseThrow(() -> new Failure(
                        Failure.NOT_LOGGED_IN,
                        "There is no network to try: run './postern quickstart' in another terminal, or 'postern login"
                                + " URL'."));
    }
}
