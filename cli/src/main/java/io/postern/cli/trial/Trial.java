package io.postern.cli.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.Steps;
import io.postern.cli.tunnel.Notices;
import io.postern.cli.tunnel.Proxy;
import io.postern.cli.tunnel.Tunnel;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.DialRefused;
import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import io.postern.client.hosting.HostConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A site hosted by one identity and fetched by another, both in this process, over the network's routers. */
final class Trial implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ControllerClient admin;
    private final Steps steps;
    private final String name;
    private final Belongings belongings;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile String trouble = "";
    private int port;
    private boolean closed;

    Trial(ControllerClient admin, Steps steps) {
        this.admin = admin;
        this.steps = steps;
        this.name = "try-" + Long.toString(new SecureRandom().nextLong() & 0xffffffffL, 36);
        this.belongings = new Belongings(admin, name);
    }

    void run(Site site, HostConfig config) throws IOException, InterruptedException {
        steps.step(site.authority() + " answers here", () -> {
            listening(site);
            return true;
        });
        IdentityFile host = steps.step("identity " + name + "-host", () -> belongings.identity("host"));
        IdentityFile dial = steps.step("identity " + name + "-dial", () -> belongings.identity("dial"));
        steps.step("service " + name + ", who may host and dial it, over any edge router", () -> {
            belongings.service();
            return true;
        });
        PosternClient hosting = kept(PosternClient.of(host));
        Tunnel hosts = kept(new Tunnel(hosting, notices()));
        steps.step("hosted by " + name + "-host in this process, which opens no port", () -> {
            until(() -> {
                hosts.host(name, config);
                return true;
            });
            return true;
        });
        PosternClient dialing = kept(PosternClient.of(dial));
        Tunnel proxies = kept(new Tunnel(dialing, notices()));
        InetSocketAddress at = proxies.proxy(new Proxy(name, 0), InetAddress.getLoopbackAddress());
        port = at.getPort();
        steps.step(
                "first dial of " + name + "-dial",
                () -> until(() -> {
                    try (var probe = dialing.dial(name)) {
                        return path(probe.circuitId());
                    }
                }));
        Fetch fetch = steps.step(
                "fetched http" + (site.tls() ? "s" : "") + "://" + site.authority() + site.path(),
                () -> Fetch.of(site, at));
        report(fetch);
    }

    private void report(Fetch fetch) throws IOException {
        steps.tell("answer     " + fetch.status() + ", " + fetch.bytes() + " bytes, first byte after "
                + fetch.firstByte().toMillis() + " ms, all after "
                + fetch.whole().toMillis() + " ms");
        if (!trouble.isEmpty()) {
            steps.tell("trouble    " + trouble);
        }
    }

    static void listening(Site site) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(site.host(), site.port()), 5_000);
        } catch (UnknownHostException e) {
            throw new Failure(Failure.UNREACHABLE, "There is no host " + site.host() + ".");
        } catch (IOException | RuntimeException e) {
            throw new Failure(
                    Failure.UNREACHABLE,
                    "Nothing answers at " + site.authority() + " (" + e.getMessage() + "): start it, then try again.");
        }
    }

    private Notices notices() {
        return new Notices() {
            @Override
            public void told(String line) {
                // The steps tell enough.
            }

            @Override
            public void warned(String line) {
                trouble = line;
            }
        };
    }

    /** Routers learn of new rights a moment after they were given: a refusal is asked again until patience ends. */
    private <T> T until(Steps.Step<T> step) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return step.take();
            } catch (DialRefused e) {
                if (System.nanoTime() > deadline) {
                    throw new Failure(
                            Failure.REFUSED,
                            "Waited " + PATIENCE.toSeconds() + " s in vain: " + e.getMessage()
                                    + ". 'postern doctor' may know why.");
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Tells the routers that a circuit crosses; it is known to the controller when its dial is answered. */
    private String path(String circuitId) throws IOException {
        Optional<JsonNode> circuit = admin.all(Api.FABRIC, "/circuits", Map.of()).stream()
                .filter(each -> each.path("id").asText().equals(circuitId))
                .findFirst();
        List<String> routers = new ArrayList<>();
        circuit.ifPresent(each -> each.path("path")
                .path("nodes")
                .forEach(node -> routers.add(node.path("name").asText())));
        if (!routers.isEmpty()) {
            steps.tell("path       " + name + "-dial -> router " + String.join(" -> router ", routers) + " -> " + name
                    + "-host, end-to-end encrypted");
        }
        return circuitId;
    }

    int port() {
        return port;
    }

    private synchronized <T extends AutoCloseable> T kept(T resource) throws IOException {
        if (closed) {
            try {
                resource.close();
            } catch (Exception e) {
                // It was not used yet.
            }
            throw new IOException("interrupted");
        }
        open.push(resource);
        return resource;
    }

    /** Once; later calls wait for the first. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                // It ends with the process.
            }
        }
        try {
            belongings.close();
        } catch (IOException e) {
            throw new Failure(Failure.REFUSED, e.getMessage());
        }
    }
}
