package io.postern.cli.login;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.Printing;
import io.postern.cli.Rendering;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern profile}: the stored logins. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = {
            "List, choose or forget stored logins, one per network.",
            "A command uses the one of --profile, else of $POSTERN_PROFILE, else the one chosen here or by the last login."
        })
public final class ProfileCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        list(Rendering.TABLE, spec.commandLine().getOut());
        return 0;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the stored logins.")
    Integer list(@Mixin Printing printing) throws IOException {
        list(printing.rendering(), printing.out());
        return 0;
    }

    private static void list(Rendering rendering, PrintWriter out) throws IOException {
        Profiles profiles = Profiles.here();
        Optional<String> used = profiles.current();
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (String name : profiles.names()) {
            ObjectNode row = all.addObject()
                    .put("name", name)
                    .put("used", used.filter(name::equals).isPresent() ? "*" : "");
            try {
                profiles.find(name)
                        .ifPresent(profile -> row.put(
                                        "controller", profile.controller().toString())
                                .put("user", profile.user())
                                .put("login", profile.identity() == null ? "password" : "certificate"));
            } catch (Failure damaged) { // one must not hide the others
                row.put("login", "damaged");
            }
        }
        rendering.rows(out, List.of("used", "name", "controller", "user", "login"), all);
    }

    @Command(name = "use", mixinStandardHelpOptions = true, description = "Use this login from now on.")
    Integer use(@Parameters(paramLabel = "NAME", description = "Its name.") String name) throws IOException {
        Profiles profiles = Profiles.here();
        profiles.use(name);
        if (profiles.given() != null && !profiles.given().equals(name)) {
            throw new Failure(
                    Failure.REFUSED,
                    name + " is chosen, but POSTERN_PROFILE or --profile says " + profiles.given() + " and wins.");
        }
        return 0;
    }

    @Command(
            name = "remove",
            aliases = "rm",
            mixinStandardHelpOptions = true,
            description = "Forget this login; its API Session is left to expire.")
    Integer remove(@Parameters(paramLabel = "NAME", description = "Its name.") String name) throws IOException {
        Profiles.here().remove(name);
        return 0;
    }
}
