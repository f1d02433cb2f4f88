package io.postern.cli;

import io.postern.client.Enroller;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern enroll}: turns a one-time token into an identity file. */
@Command(
        name = "enroll",
        mixinStandardHelpOptions = true,
        description = "Turn a one-time enrollment token into an identity file, which stock clients read too.")
final class EnrollCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The token's file; - reads standard input.")
    String token;

    @Option(
            names = {"-o", "--out"},
            description = "The identity file to write (default: FILE with .json for .jwt).")
    @Nullable
    Path out;

    @Option(names = "--force", description = "Replace an identity file that exists.")
    boolean force;

    @Override
    public Integer call() throws IOException {
        Path target = out == null ? named() : out;
        if (Files.exists(target) && !force) {
            throw new Failure(Failure.FILE, target + " exists; --force replaces it.");
        }
        String jwt = token.equals("-")
                ? new String(System.in.readNBytes(64 * 1024), StandardCharsets.UTF_8)
                : Files.readString(Path.of(token));
        IdentityFile identity = new Enroller().enroll(jwt);
        identity.write(target);
        spec.commandLine().getOut().println("Wrote " + target + " for " + identity.ztApi() + ".");
        return 0;
    }

    private Path named() {
        if (token.equals("-")) {
            throw new Failure(Failure.USAGE, "Where to? Give -o FILE when the token comes from standard input.");
        }
        return Path.of(token.endsWith(".jwt") ? token.substring(0, token.length() - 4) + ".json" : token + ".json");
    }
}
