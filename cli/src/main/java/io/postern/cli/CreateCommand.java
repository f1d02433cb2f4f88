package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.postern.cli.login.Profile;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern create KIND}: makes an entity and prints its id. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Create an identity, edge router, service, policy or another kind; prints its id.")
final class CreateCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            completionCandidates = Kind.Names.class,
            description = "Kind of the entity, such as identity or service.")
    String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Its name.")
    @Nullable
    String name;

    @Mixin
    EntityFlags flags;

    @Option(names = "--jwt-out", description = "Write the enrollment token of a new identity or edge router there.")
    @Nullable
    Path jwtOut;

    @Option(
            names = "--username",
            paramLabel = "NAME",
            description =
                    "Let a new identity log in by this name and a password, which it chooses when it enrolls; of an"
                            + " enrollment or authenticator, the name to log in with.")
    @Nullable
    String username;

    @Override
    public Integer call() throws IOException {
        Kind wanted = Kind.of(kind);
        flags.check(wanted);
        if (name != null) {
            FlagsOfKinds.checkNamed(wanted);
        }
        if (jwtOut != null) { // or there would be an entity, and nobody with its token
            TextFile.checkWritable(jwtOut);
        }
        try (ControllerClient client = Profile.read().connect()) {
            ObjectNode body = flags.given(wanted, client);
            if (name != null) {
                body.put("name", name);
            }
            if (username != null) {
                if (wanted == Kind.IDENTITY) {
                    body.putObject("enrollment").put("updb", username);
                } else {
                    body.put("username", username);
                }
            }
            defaults(wanted, body);
            String id = client.create(wanted.api(), wanted.path(), body);
            spec.commandLine().getOut().println(id);
            if (jwtOut != null) {
                writeToken(client, wanted, id, jwtOut);
            }
        }
        return 0;
    }

    private static void writeToken(ControllerClient client, Kind kind, String id, Path file) throws IOException {
        try {
            IdentityFile.writePrivate(file, token(kind, client.get(kind.api(), Entities.path(kind, id))));
        } catch (IOException | Failure e) {
            Failure why = Failure.of(e);
            String again = e instanceof Failure
                    ? ""
                    : " 'postern show " + kind.singular() + " " + id + " --jwt' prints the token.";
            throw new Failure(
                    why.exitCode(),
                    why.getMessage() + " The " + kind.singular() + " was made, its id is " + id + "." + again);
        }
    }

    /** What a field was given, of a wrong type even, is the controller's to judge. */
    private static void defaults(Kind kind, ObjectNode body) {
        if (kind.isPolicy() && !body.has("semantic")) {
            body.put("semantic", "AnyOf");
        }
        switch (kind) {
            case IDENTITY -> {
                body.putIfAbsent("type", TextNode.valueOf("Default"));
                body.putIfAbsent("isAdmin", BooleanNode.FALSE);
                if (!body.has("enrollment")) {
                    body.putObject("enrollment").put("ott", true);
                }
            }
            case EDGE_ROUTER -> body.putIfAbsent("isTunnelerEnabled", BooleanNode.FALSE);
            case SERVICE -> body.putIfAbsent("encryptionRequired", BooleanNode.TRUE);
            case ENROLLMENT -> {
                body.putIfAbsent("method", TextNode.valueOf(body.has("username") ? "updb" : "ott"));
                if (!body.has("expiresAt")) {
                    Instant end = Instant.now().plus(3, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
                    body.put("expiresAt", end.toString());
                }
            }
            case AUTHENTICATOR -> body.putIfAbsent("method", TextNode.valueOf("updb"));
            default -> {
                // What was given is all.
            }
        }
    }

    /** The token of an identity, edge router or enrollment, as its detail shows it. */
    static String token(Kind kind, JsonNode entity) {
        JsonNode enrollment = entity.path("enrollment");
        String jwt = Stream.of(
                        entity.path("enrollmentJwt"),
                        enrollment.path("ott").path("jwt"),
                        enrollment.path("updb").path("jwt"),
                        entity.path("jwt"))
                .map(each -> each.asText(""))
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
        if (jwt.isEmpty()) {
            throw new Failure(Failure.REFUSED, "This " + kind.singular() + " has no enrollment token.");
        }
        return jwt;
    }
}
