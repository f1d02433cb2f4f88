package io.postern.cli.login;

import io.postern.cli.Failure;
import io.postern.cli.Screen;
import io.postern.cli.TextFile;
import io.postern.client.ApiRefusal;
import io.postern.client.ApiSession;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.client.TrustOffer;
import io.postern.pki.Certificates;
import io.postern.pki.PkiException;
import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern login}: opens an API Session and stores it. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = {
            "Log in to a controller and store the login, as the profile of --profile.",
            "Without one, a login to a controller that is not known yet becomes a profile of its own.",
            "The password is asked for, or read from $POSTERN_PASSWORD, --password-file or --password-stdin.",
            "A controller seen for the first time shows its fingerprint and is trusted after a yes, by --yes, or by --ca."
        })
public final class LoginCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "URL", arity = "0..1", description = "Address of the controller, https://host:port.")
    @Nullable
    String url;

    @Option(
            names = {"-u", "--user"},
            description = "Name of the administrator (default: ${DEFAULT-VALUE}).")
    String user = "admin";

    @Mixin
    Secret secret;

    @Option(names = "--identity", description = "Log in with this identity file instead of a password.")
    @Nullable
    Path identity;

    @Option(names = "--ca", description = "File with the network's certificates (PEM); nothing is asked then.")
    @Nullable
    Path ca;

    @Option(
            names = {"-y", "--yes"},
            description = "Trust a controller seen for the first time without asking.")
    boolean yes;

    @Option(
            names = "--ws-proxy",
            paramLabel = "URL",
            description = "Address of the network's ws-proxy, for attach, exec, cp; kept with the login.")
    @Nullable
    String wsProxy;

    @Option(
            names = "--ws-proxy-ca",
            paramLabel = "FILE",
            description =
                    "PEM that ws-proxy's certificate comes from, if that is neither this network nor a public one.")
    @Nullable
    Path wsProxyCa;

    @Override
    public Integer call() throws IOException {
        Profiles profiles = Profiles.here();
        Profile profile = identity == null ? byPassword() : byIdentity(identity);
        profile = withWsProxy(profiles, profile);
        String name = profiles.store(profile);
        spec.commandLine()
                .getOut()
                .println("Logged in to " + profile.controller() + " as " + Screen.line(profile.user()) + " (profile "
                        + name + ").");
        return 0;
    }

    private Profile byIdentity(Path file) throws IOException {
        IdentityFile known = IdentityFile.read(file);
        if (url != null && !known.controllers().contains(address(url))) {
            throw new Failure(
                    Failure.USAGE,
                    file + " belongs to " + known.controllers().getFirst() + ", not to " + address(url) + ".");
        }
        try (ControllerClient client = ControllerClient.of(known)) {
            ApiSession session = client.authenticate();
            return Profile.of(file, known, client.controller(), session);
        }
    }

    private Profile byPassword() throws IOException {
        if (url == null) {
            throw new Failure(Failure.USAGE, "Which controller? Give its address, such as https://localhost:1280.");
        }
        URI address = address(url);
        secret.isGiven();
        List<X509Certificate> trust = ca == null ? offered(address) : certificates(ca);
        String password = secret.read(user);
        try (ControllerClient client = ControllerClient.of(address, trust)) {
            ApiSession session = client.authenticate(user, password);
            return new Profile(address, Certificates.toPem(trust), user, session.token(), null, null, null, null);
        } catch (ApiRefusal refusal) {
            if (refusal.unauthorized()) {
                throw new Failure(Failure.NOT_LOGGED_IN, "The controller does not accept this name and password.");
            }
            throw refusal;
        }
    }

    /** A new login to the same controller keeps what the old one knew. */
    private Profile withWsProxy(Profiles profiles, Profile fresh) throws IOException {
        String authority = wsProxyCa == null ? null : Certificates.toPem(certificates(wsProxyCa));
        if (wsProxy != null) {
            return fresh.withWsProxy(address(wsProxy), authority);
        }
        return profiles.known()
                .filter(known -> known.controller().equals(fresh.controller()))
                .map(known -> fresh.withWsProxy(known.wsProxy(), authority == null ? known.wsProxyCa() : authority))
                .orElse(fresh);
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> all;
        try {
            all = Certificates.parse(TextFile.read(file));
        } catch (PkiException e) {
            throw new Failure(Failure.FILE, file + ": " + e.getMessage() + ".");
        }
        if (all.isEmpty()) {
            throw new Failure(Failure.FILE, file + " holds no certificate (PEM).");
        }
        return all;
    }

    static URI address(String text) {
        try {
            URI address = new URI(text.contains("://") ? text : "https://" + text);
            if ("https".equals(address.getScheme()) && address.getHost() != null && address.getPort() <= 65_535) {
                return URI.create("https://" + address.getAuthority());
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new Failure(Failure.USAGE, text + " is no such address; it looks like https://host:port.");
    }

    private List<X509Certificate> offered(URI address) throws IOException {
        TrustOffer offer = TrustOffer.of(address);
        String bundle = offer.bundlePem();
        Optional<Profile> known = Profiles.here().known();
        if (known.isPresent()
                && known.get().controller().equals(address)
                && known.get().ca().equals(bundle)) {
            return offer.bundle();
        }
        spec.commandLine().getErr().println(address + " shows a certificate with the SHA-256 fingerprint");
        spec.commandLine().getErr().println("  " + offer.fingerprint());
        if (!yes && !confirmed()) {
            throw new Failure(
                    Failure.UNREACHABLE,
                    "Not trusted. Compare the fingerprint and say yes, or give --ca FILE or --yes.");
        }
        return offer.bundle();
    }

    private static boolean confirmed() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        String answer = console.readLine("Trust this network? [y/N] ");
        return answer != null
                && answer.strip().toLowerCase(java.util.Locale.ROOT).startsWith("y");
    }
}
