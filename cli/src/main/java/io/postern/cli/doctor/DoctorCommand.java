package io.postern.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.Rendering;
import io.postern.cli.Screen;
import io.postern.cli.login.Profile;
import io.postern.cli.login.Profiles;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.wire.Release;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Look for what keeps the network from working here: names, ports, certificates, clocks, versions, the login, an"
                    + " identity file, policies. Each trouble comes with what mends it.",
            "Exit code: 0 when nothing is ill (warnings are not), 1 otherwise."
        })
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = {"-i", "--identity"},
            paramLabel = "FILE",
            description = "Examine with this identity file instead of the stored login.")
    @Nullable
    Path identity;

    @Option(
            names = "--reach",
            paramLabel = "IDENTITY:SERVICE",
            description = "Examine as well whether this identity reaches this service; for administrators.")
    @Nullable
    String reach;

    @Option(
            names = {"-o", "--output"},
            description = "table (words), json or yaml.")
    Rendering output = Rendering.TABLE;

    @Override
    public Integer call() throws IOException {
        output.checkDocument();
        Examination examination = new Examination(Instant.now());
        if (identity != null) {
            IdentityFile file = examination.identity(identity);
            if (file != null) {
                network(examination, file.controllers(), file.trust(), () -> {
                    ControllerClient client = ControllerClient.of(file);
                    client.authenticate();
                    return client;
                });
            }
        } else {
            Optional<Profile> profile = Profiles.here().look();
            if (profile.isEmpty()) {
                throw new Failure(
                        Failure.NOT_LOGGED_IN,
                        "Nothing to examine: run 'postern login URL' first, or give an identity file by -i.");
            }
            if (profile.get().identity() != null) {
                examination.identity(profile.get().identity());
            }
            network(
                    examination,
                    List.of(profile.get().controller()),
                    Examination.roots(profile.get().ca()),
                    profile.get()::connect);
        }
        print(examination);
        return examination.well() ? 0 : Failure.REFUSED;
    }

    private void network(
            Examination examination, List<URI> controllers, List<X509Certificate> roots, Examination.Opening opening) {
        boolean any = false;
        for (URI controller : controllers) {
            any |= examination.controller(controller, roots);
        }
        if (!any) {
            return;
        }
        try (ControllerClient client = examination.login(opening)) {
            if (client == null) {
                return;
            }
            examination.clock(client);
            examination.versions(client, Release.NUMBER);
            examination.routers(client);
            if (reach != null) {
                int colon = reach.indexOf(':');
                if (colon < 1 || colon == reach.length() - 1) {
                    throw new Failure(Failure.USAGE, "--reach takes IDENTITY:SERVICE, such as laptop:web.");
                }
                examination.policy(client, reach.substring(0, colon), reach.substring(colon + 1));
            }
        }
    }

    private void print(Examination examination) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (output == Rendering.TABLE) {
            for (Finding finding : examination.findings()) {
                out.printf(
                        "%-8s %-14s %s%n",
                        word(finding.verdict()), Screen.line(finding.check()), Screen.line(finding.what()));
                if (!finding.mend().isEmpty()) {
                    out.printf("%-8s %-14s -> %s%n", "", "", Screen.line(finding.mend()));
                }
            }
            out.flush();
            return;
        }
        ArrayNode all = Json.MAPPER.createArrayNode();
        examination
                .findings()
                .forEach(finding -> all.addObject()
                        .put("check", finding.check())
                        .put("verdict", finding.verdict().name().toLowerCase(java.util.Locale.ROOT))
                        .put("what", finding.what())
                        .put("mend", finding.mend()));
        output.document(out, all);
    }

    private static String word(Finding.Verdict verdict) {
        return switch (verdict) {
            case WELL -> "ok";
            case SKIPPED -> "skipped";
            case WARNING -> "warning";
            case ILL -> "ILL";
        };
    }
}
