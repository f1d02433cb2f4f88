package io.postern.cli.advice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.Rendering;
import io.postern.cli.Screen;
import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern policy}: what the policies come to. */
@Command(name = "policy", mixinStandardHelpOptions = true, description = "Say what the policies come to.")
public final class PolicyCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which? postern policy advice IDENTITY SERVICE.");
    }

    @Command(
            name = "advice",
            mixinStandardHelpOptions = true,
            description = {
                "Can an identity reach a service? If not, say which policy (or router, or host) is missing, and the command"
                        + " that mends it.",
                "Exit code: 0 when it can, 1 when not."
            })
    Integer advice(
            @Parameters(index = "0", paramLabel = "IDENTITY", description = "Its name or id.") String identity,
            @Parameters(index = "1", paramLabel = "SERVICE", description = "Its name or id.") String service,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "TABLE",
                            description = "table (words), json or yaml.")
                    Rendering output)
            throws IOException {
        output.checkDocument();
        try (ControllerClient client = Profile.read().connect()) {
            Advice advice = Advice.of(Asked.of(client, identity, service));
            PrintWriter out = spec.commandLine().getOut();
            if (output == Rendering.TABLE) {
                words(out, advice);
            } else {
                output.document(out, document(advice));
            }
            return advice.reachable() ? 0 : Failure.REFUSED;
        }
    }

    private static void words(PrintWriter out, Advice advice) {
        Facts facts = advice.facts();
        String identity = Screen.line(facts.identity().name());
        String service = Screen.line(facts.service().name());
        if (advice.reachable()) {
            List<String> routers = facts.common().stream()
                    .filter(Facts.Router::online)
                    .map(Facts.Router::name)
                    .toList();
            List<String> hosts = facts.terminators().stream()
                    .map(Facts.Terminator::router)
                    .distinct()
                    .toList();
            out.println("Yes: " + identity + " can reach " + service + ", entering at "
                    + Screen.line(String.join(" or ", routers)) + "; it is hosted behind "
                    + Screen.line(String.join(", ", hosts)) + ".");
        } else {
            out.println("No: " + identity + " cannot reach " + service + ".");
            for (Gap gap : advice.gaps()) {
                out.println("  - " + Screen.line(gap.what()));
                out.println("    " + Screen.line(gap.mend()));
            }
        }
        out.println("Hosting: " + identity + (facts.bind() ? " may" : " may not") + " host " + service + ".");
        out.flush();
    }

    private static ObjectNode document(Advice advice) {
        Facts facts = advice.facts();
        ObjectNode root = Json.MAPPER
                .createObjectNode()
                .put("identity", facts.identity().name())
                .put("service", facts.service().name())
                .put("reachable", advice.reachable())
                .put("mayDial", facts.dial())
                .put("mayBind", facts.bind());
        var routers = root.putArray("commonRouters");
        facts.common()
                .forEach(
                        router -> routers.addObject().put("name", router.name()).put("online", router.online()));
        var gaps = root.putArray("gaps");
        advice.gaps()
                .forEach(gap -> gaps.addObject()
                        .put("kind", gap.kind().name())
                        .put("what", gap.what())
                        .put("mend", gap.mend()));
        return root;
    }
}
