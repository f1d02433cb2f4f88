package io.postern.cli.quickstart;

import io.postern.client.IdentityFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One edge router of the quickstart: its configuration and its enrollment. */
final class Router {
    private final Home home;
    private final Processes processes;
    private final String name;

    Router(Home home, Processes processes, String name) {
        this.home = home;
        this.processes = processes;
        this.name = name;
    }

    private Path folder() {
        return home.file("router-" + name);
    }

    /** What it is run with. */
    Path config() {
        return folder().resolve("router.yml");
    }

    /** Has certificates after this. */
    boolean enroll(Network network) throws IOException, InterruptedException {
        Path folder = folder();
        Path config = config();
        Files.createDirectories(folder);
        Files.writeString(config, yaml());
        if (!Files.exists(folder.resolve("cert.pem")) || !network.knowsRouter(name)) {
            Path jwt = folder.resolve("enrollment.jwt");
            IdentityFile.writePrivate(jwt, network.router(name));
            processes.run(
                    "router-" + name + "-enroll",
                    "router",
                    List.of("enroll", config.toString(), "--jwt", jwt.toString()),
                    Duration.ofSeconds(120));
            Files.delete(jwt);
        }
        return true;
    }

    private String yaml() {
        int edge = home.port("edge-" + name);
        int link = home.port("link-" + name);
        return """
                v: 3
                identity:
                  cert: cert.pem
                  server_cert: server.pem
                  key: key.pem
                  ca: ca.pem
                ctrl:
                  endpoint: tls:localhost:%d
                link:
                  dialers:
                    - binding: transport
                  listeners:
                    - binding: transport
                      bind: tls:127.0.0.1:%d
                      advertise: tls:localhost:%d
                listeners:
                  - binding: edge
                    address: tls:127.0.0.1:%d
                    options:
                      advertise: localhost:%d
                csr:
                  sans:
                    dns:
                      - localhost
                    ip:
                      - 127.0.0.1
                """.formatted(home.port("controller"), link, link, edge, edge);
    }

    @Override
    public String toString() {
        return "edge router " + name;
    }
}
