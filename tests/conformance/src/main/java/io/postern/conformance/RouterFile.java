package io.postern.conformance;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration of an edge router on loopback, in the stock format, which both ours and a stock router read. */
final class RouterFile {
    private RouterFile() {}

    /** @param more further listeners, each as YAML */
    static String text(Path folder, int controllerPort, int edgePort, int linkPort, List<String> more) {
        return """
                v: 3
                identity: { cert: "%1$s/client.pem", server_cert: "%1$s/server.pem", key: "%1$s/key.pem", ca: "%1$s/ca.pem" }
                ctrl: { endpoint: "tls:localhost:%2$d", endpointsFile: "%1$s/endpoints.yml" }
                link:
                  dialers: [ { binding: transport } ]
                  listeners: [ { binding: transport, bind: "tls:127.0.0.1:%4$d", advertise: "tls:localhost:%4$d" } ]
                listeners:
                  - { binding: edge, address: "tls:127.0.0.1:%3$d", options: { advertise: "localhost:%3$d" } }
                %5$s
                edge: { csr: { sans: { dns: [ localhost ], ip: [ "127.0.0.1" ] } } }
                """.formatted(
                        folder,
                        controllerPort,
                        edgePort,
                        linkPort,
                        more.stream().map("  - "::concat).collect(Collectors.joining("\n")));
    }

    /** A router that listens nowhere, neither for links nor for SDKs. */
    static String silent(Path folder, int controllerPort, List<String> listeners) {
        return """
                v: 3
                identity: { cert: "%1$s/client.pem", server_cert: "%1$s/server.pem", key: "%1$s/key.pem", ca: "%1$s/ca.pem" }
                ctrl: { endpoint: "tls:localhost:%2$d", endpointsFile: "%1$s/endpoints.yml" }
                link: { dialers: [ { binding: transport } ] }
                listeners:
                %3$s
                http: { port: none }
                edge: { csr: { sans: { dns: [ localhost ], ip: [ "127.0.0.1" ] } } }
                """.formatted(
                folder, controllerPort, listeners.stream().map("  - "::concat).collect(Collectors.joining("\n")));
    }
}
