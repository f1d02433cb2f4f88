package io.postern.cli;

import io.postern.cli.login.Secret;
import io.postern.client.Enroller;
import io.postern.client.IdentityFile;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.PkiException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern enroll}: turns a one-time token into an identity file. */
@Command(
        name = "enroll",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Turn a one-time enrollment token into an identity file, which stock clients read too.",
            "The token of an identity that logs in by password takes a password instead, and makes no file."
        })
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

    @Option(
            names = "--controller",
            paramLabel = "URL",
            description = "Where the controller is reached when not at the token's own address: a forwarded port, say.")
    @Nullable
    URI controller;

    @Option(names = "--force", description = "Replace an identity file that exists.")
    boolean force;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "Name to log in with, where the token does not say it already.")
    @Nullable
    String user;

    @Mixin
    Secret secret;

    @Override
    public Integer call() throws IOException {
        secret.isGiven();
        Enroller enroller = enroller();
        String jwt = token.equals("-")
                ? new String(System.in.readNBytes(64 * 1024), StandardCharsets.UTF_8)
                : TextFile.read(Path.of(token));
        String method = method(jwt);
        switch (method) {
            case "ott" -> identity(enroller, jwt);
            case "updb" -> person(enroller, jwt);
            case "erott" ->
                throw new Failure(
                        Failure.USAGE,
                        "This token is an edge router's: run 'postern router enroll CONFIG --jwt " + token + "'.");
            default ->
                throw new Failure(Failure.REFUSED, "Tokens of the method '" + method + "' cannot be enrolled here.");
        }
        return 0;
    }

    private static String method(String jwt) {
        try {
            return EnrollmentToken.parse(jwt).method();
        } catch (PkiException e) {
            throw new Failure(Failure.FILE, "This is no enrollment token: " + e.getMessage() + ".");
        }
    }

    private void person(Enroller enroller, String jwt) throws IOException {
        String name = enroller.enrollPerson(jwt, user, secret.read("the new login"));
        spec.commandLine()
                .getOut()
                .println("Enrolled. Log in by 'postern login "
                        + EnrollmentToken.parse(jwt).issuer() + " -u " + name + "'.");
    }

    private void identity(Enroller enroller, String jwt) throws IOException {
        Path target = out == null ? named() : out;
        if (Files.exists(target) && !force) {
            throw new Failure(Failure.FILE, target + " exists; --force replaces it.");
        }
        TextFile.checkWritable(target); // or the token would be spent on nothing
        IdentityFile identity = enroller.enroll(jwt);
        identity.write(target);
        spec.commandLine().getOut().println("Wrote " + target + " for " + identity.ztApi() + ".");
    }

    private Enroller enroller() {
        if (controller == null) {
            return new Enroller();
        }
        if (!"https".equals(controller.getScheme())
                || controller.getHost() == null
                || !controller.getPath().matches("/?")) {
            throw new Failure(Failure.USAGE, "--controller is " + controller + "; it looks like https://host:port.");
        }
        return new Enroller().at(URI.create("https://" + controller.getAuthority()));
    }

    private Path named() {
        if (token.equals("-")) {
            throw new Failure(Failure.USAGE, "Where to? Give -o FILE when the token comes from standard input.");
        }
        return Path.of(token.endsWith(".jwt") ? token.substring(0, token.length() - 4) + ".json" : token + ".json");
    }
}
