package io.postern.cli.tunnel;

import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.client.DialRefused;
import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import io.postern.client.hosting.HostConfig;
import io.postern.client.hosting.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern host}: one unix socket as a service. */
@Command(
        name = "host",
        mixinStandardHelpOptions = true,
        description = {
            "Host a container engine's socket (or any other unix socket) as a service, until Ctrl-C. No port is opened.",
            "Example: postern host /var/run/docker.sock --service engine-a -i host-a.json"
        })
public final class HostCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SOCKET", description = "The unix socket.")
    Path socket;

    @Option(names = "--service", required = true, paramLabel = "NAME", description = "Service to host it as.")
    String service;

    @Option(
            names = {"-i", "--identity"},
            required = true,
            paramLabel = "FILE",
            description = "The identity file.")
    Path identity;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path path = socket.toAbsolutePath().normalize();
        reachable(path);
        HostConfig config = config(path);
        Printed notices = new Printed(spec.commandLine());
        try (PosternClient client = PosternClient.of(IdentityFile.read(identity));
                Tunnel tunnel = new Tunnel(client, notices)) {
            notices.closeAtEnd(tunnel, client);
            try {
                tunnel.hold(service, config);
            } catch (DialRefused e) {
                throw new Failure(
                        Failure.REFUSED,
                        e.getMessage() + ". Ask an administrator for 'postern policy advice' of this identity and "
                                + service + ".");
            }
        }
        return 0;
    }

    static HostConfig config(Path path) throws IOException {
        String json = Json.MAPPER
                .createObjectNode()
                .put("protocol", "tcp")
                .put("address", "unix:" + path)
                .put("port", 1)
                .toString();
        return List.copyOf(HostConfig.of(Map.of("host.v1", json))).getFirst();
    }

    private static void reachable(Path path) {
        if (!Files.exists(path)) {
            throw new Failure(Failure.FILE, "There is no socket " + path + ": is the engine running?");
        }
        try {
            HostedService.connect(new Target.Unix(path.toString()), Duration.ofSeconds(5))
                    .close();
        } catch (IOException e) {
            throw new Failure(
                    Failure.FILE,
                    path + " cannot be connected to (" + e.getMessage()
                            + "): is it the engine's socket, and may this user use it?");
        }
    }
}
