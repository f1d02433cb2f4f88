package io.postern.cli.quickstart;

import io.postern.client.IdentityFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One edge router of the quickstart: its configuration, its enrollment, its process. */
final class Router {
    private final Home home;
    private final Processes processes;
    private final String name;

    Router(Home home, Processes processes, String name) {
        this.home = home;
        this.processes = processes;
        this.name = name;
    }

    boolean start(Network network) throws IOException, InterruptedException {
        Path folder = home.file("router-" + name);
        Path config = folder.resolve("router.yml");
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
        processes.start("router-" + name, "router", List.of(), List.of("run", config.toString()));
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
                http:
                  port: 0
                """.formatted(home.port("controller"), link, link, edge, edge);
    }
}
