package io.postern.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.Shell;
import io.postern.cli.advice.Asked;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.IdentityFile;
import io.postern.pki.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All checks in their order. A check that fails lets those that can still say something go on. */
final class Examination {
    private final List<Finding> findings = new ArrayList<>();
    private final Instant now;

    /** Name of the identity of the login. */
    private String who = "";

    Examination(Instant now) {
        this.now = now;
    }

    List<Finding> findings() {
        return findings;
    }

    boolean well() {
        return findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.ILL);
    }

    /** The identity file by itself. Null where it cannot be used. */
    @Nullable
    IdentityFile identity(Path file) {
        IdentityFile identity;
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.OTHERS_READ) || mode.contains(PosixFilePermission.GROUP_READ)) {
                findings.add(Finding.warning(
                        "identity file",
                        file + " holds a key and others may read it",
                        "chmod 600 " + Shell.word(file.toString())));
            }
            identity = IdentityFile.read(file);
        } catch (IOException | UnsupportedOperationException e) {
            findings.add(Finding.ill(
                    "identity file",
                    Failure.of(e).getMessage(),
                    "enroll again: an administrator runs 'postern create enrollment --identity NAME', then 'postern enroll"
                            + " TOKEN'"));
            return null;
        }
        X509Certificate leaf = identity.certificates().getFirst();
        String renew = "enroll again: a certificate that has expired cannot be renewed by its owner";
        findings.add(Diagnosis.expiry("identity file", leaf, now, renew)
                .orElseGet(() -> Finding.well(
                        "identity file",
                        "key and certificate fit, valid until "
                                + leaf.getNotAfter().toInstant())));
        return identity;
    }

    /** Name, port, certificate of a controller. False where it cannot be talked to. */
    boolean controller(URI address, List<X509Certificate> roots) {
        String host = address.getHost().replaceAll("[\\[\\]]", "");
        int port = address.getPort() < 0 ? 443 : address.getPort();
        if (!dns("dns", host)) {
            return false;
        }
        Probe.Shown shown;
        try {
            shown = Probe.look(host, port, roots);
        } catch (IOException e) {
            findings.add(Finding.ill(
                    "controller",
                    "nothing that speaks TLS answers at " + host + ":" + port + " (" + e.getMessage() + ")",
                    "start it: postern controller; or open the port in the firewall between"));
            return false;
        }
        findings.add(Finding.well("controller", host + ":" + port + " answers"));
        findings.add(Diagnosis.chain("tls", shown.chain(), shown.untrusted(), host, now));
        return shown.untrusted() == null;
    }

    private boolean dns(String check, String host) {
        try {
            findings.add(Finding.well(check, host + " is " + String.join(", ", Probe.resolve(host))));
            return true;
        } catch (IOException e) {
            findings.add(
                    Finding.ill(check, host + " has no address", "correct the name, or add it to DNS or /etc/hosts"));
            return false;
        }
    }

    /** The login. Null where there is none that works. */
    @Nullable
    ControllerClient login(Opening opening) {
        try {
            ControllerClient client = opening.open();
            JsonNode me = client.get(Api.CLIENT, "/current-identity");
            who = me.path("name").asText();
            findings.add(Finding.well("login", "logged in as " + who));
            return client;
        } catch (IOException | Failure e) {
            findings.add(Finding.ill("login", Failure.of(e).getMessage(), "postern login URL"));
            return null;
        }
    }

    /** How a login is opened. */
    @FunctionalInterface
    interface Opening {
        ControllerClient open() throws IOException;
    }

    /** An API Session that is asked for notes when that was, by the controller's clock. */
    void clock(ControllerClient client) {
        try {
            JsonNode session = client.get(Api.CLIENT, "/current-api-session");
            Instant theirs = Instant.parse(session.path("lastActivityAt").asText());
            findings.add(Diagnosis.clock(Instant.now(), theirs));
        } catch (IOException | DateTimeParseException e) {
            findings.add(Finding.skipped("clock", "the controller does not tell its time"));
        }
    }

    void versions(ControllerClient client, String ours) {
        try {
            Peer controller = Peer.of(client.get(Api.CLIENT, "/version"));
            findings.add(Diagnosis.versions(ours, controller, routerVersions(client)));
        } catch (IOException e) {
            findings.add(Finding.skipped("versions", Failure.of(e).getMessage()));
        }
    }

    private static Map<String, Peer> routerVersions(ControllerClient client) {
        Map<String, Peer> all = new HashMap<>();
        try {
            for (JsonNode router : client.all(Api.MANAGEMENT, "/edge-routers", Map.of())) {
                Peer peer = Peer.of(router.path("versionInfo"));
                if (!peer.version().isEmpty()) { // one that is not connected says nothing
                    all.put(router.path("name").asText(), peer);
                }
            }
        } catch (IOException e) {
            // Only an administrator sees them.
        }
        return all;
    }

    /** The edge listeners of the edge routers that this login may use, or of all where it may see them. */
    void routers(ControllerClient client) {
        List<JsonNode> routers;
        try {
            routers = routersOf(client);
        } catch (IOException e) {
            findings.add(Finding.ill("routers", Failure.of(e).getMessage(), "postern list edge-routers"));
            return;
        }
        if (routers.isEmpty()) {
            findings.add(Finding.ill(
                    "routers",
                    "this login may use no edge router",
                    "an administrator runs: " + Diagnosis.anyRouter(who)));
        }
        routers.forEach(this::router);
    }

    private static List<JsonNode> routersOf(ControllerClient client) throws IOException {
        List<JsonNode> own = client.all(Api.CLIENT, "/current-identity/edge-routers", Map.of());
        if (!own.isEmpty()) {
            return own;
        }
        try {
            return client.all(Api.MANAGEMENT, "/edge-routers", Map.of());
        } catch (IOException e) {
            return own; // no administrator
        }
    }

    private void router(JsonNode router) {
        String name = "router " + router.path("name").asText();
        if (!router.path("isOnline").asBoolean()) {
            findings.add(
                    Finding.warning(name, "not connected to the controller", "start it: postern router run CONFIG"));
            return;
        }
        boolean any = false;
        for (var each : router.path("supportedProtocols").properties()) {
            if (each.getKey().equals("tls")) {
                any = true;
                listener(name, URI.create(each.getValue().asText()));
            }
        }
        if (!any) {
            findings.add(Finding.skipped(name, "it has no edge listener"));
        }
    }

    private void listener(String name, URI address) {
        String host = address.getHost();
        if (host == null || address.getPort() < 0) {
            findings.add(Finding.skipped(name, "its listener advertises " + address));
            return;
        }
        try {
            long begin = System.nanoTime();
            Probe.connect(host.replaceAll("[\\[\\]]", ""), address.getPort());
            long took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            findings.add(Finding.well(name, host + ":" + address.getPort() + " accepts (" + took + " ms)"));
        } catch (IOException e) {
            findings.add(
                    Finding.ill(
                            name,
                            host + ":" + address.getPort() + " cannot be connected to (" + e.getMessage() + ")",
                            "does 'advertise' of its edge listener name an address that is reached from here? is the port open?"));
        }
    }

    void policy(ControllerClient client, String identity, String service) {
        try {
            Map<String, String> gaps = Asked.gaps(client, identity, service);
            gaps.forEach((what, mend) -> findings.add(Finding.ill("policy", what, mend)));
            if (gaps.isEmpty()) {
                findings.add(Finding.well("policy", identity + " can reach " + service));
            }
        } catch (IOException | Failure e) {
            findings.add(Finding.ill(
                    "policy", Failure.of(e).getMessage(), "postern list identities; postern list services"));
        }
    }

    static List<X509Certificate> roots(String pem) {
        return Certificates.parse(pem);
    }
}
