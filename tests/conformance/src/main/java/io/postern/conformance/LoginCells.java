package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How stock clients log in. The Go SDK takes OIDC where it is offered; the 2021 JVM and 2022 C SDKs take the legacy flow
 * whatever is offered, which their other cells prove with OIDC on.
 */
final class LoginCells {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final World world;
    private final Report report;

    LoginCells(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    /** With OIDC as it is by default. */
    void run(List<Client> clients, List<Host> hosts) {
        Client go = go(clients);
        if (go == null || hosts.isEmpty() || !world.network().breakable()) {
            return;
        }
        report.cell("login/go-oidc-renewed", () -> renewed(go, hosts.getFirst(), Map.of(), "oidc"));
        report.cell("login/go-legacy", () -> renewed(go, hosts.getFirst(), Map.of("LANE_LEGACY", "1"), "legacy"));
    }

    /** With OIDC switched off: the controller is started anew for it, so these cells come last. */
    void off(List<Client> clients, List<Host> hosts) {
        Client go = go(clients);
        if (go == null || hosts.isEmpty() || !world.network().breakable()) {
            return;
        }
        report.cell("login/go-oidc-off", () -> {
            world.network().killController();
            world.network().startController(Map.of("POSTERN_OIDC_ENABLED", "false"));
            JsonNode version = world.network().admin().get(Rest.CLIENT + "/version");
            if (!version.path("capabilities").isArray()
                    || !version.path("capabilities").isEmpty()
                    || version.path("apiVersions").has("edge-oidc")) {
                throw new Failed("OIDC is off and offered: " + version);
            }
            return renewed(go, hosts.getFirst(), Map.of(), "legacy");
        });
    }

    private static @org.jspecify.annotations.Nullable Client go(List<Client> clients) {
        return clients.stream()
                .filter(client -> client.lane().equals("go"))
                .findFirst()
                .orElse(null);
    }

    /** The routers come back to a restarted controller in their own time: dials are tried until they do. */
    private String renewed(Client go, Host host, Map<String, String> environment, String session)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try (Proc proc = go.run(
                    "renew",
                    environment,
                    "renew",
                    world.file("dial", go).toString(),
                    world.service(host.lane(), true),
                    "2")) {
                String result = proc.await("RESULT", line -> line.startsWith("RESULT "), LIMIT);
                if (result.startsWith("RESULT renew ok session=" + session + " ")) {
                    return result.substring("RESULT renew ok ".length());
                }
                if (System.nanoTime() > end || !result.contains("unable to dial")) {
                    throw new Failed(result);
                }
            }
            Thread.sleep(1000);
        }
    }
}
