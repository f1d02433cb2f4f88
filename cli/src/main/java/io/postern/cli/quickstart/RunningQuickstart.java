package io.postern.cli.quickstart;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.client.ControllerClient;
import io.postern.client.TrustOffer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The quickstart that this user has running in its usual folder. */
public final class RunningQuickstart {
    private RunningQuickstart() {}

    /** Logged in as its administrator; nothing where none runs. The caller closes. */
    public static Optional<ControllerClient> administrator() throws IOException {
        Path folder = QuickstartCommand.usualFolder();
        Path ports = folder.resolve("ports.json");
        Path password = folder.resolve("admin.password");
        if (!Files.isReadable(ports) || !Files.isReadable(password)) {
            return Optional.empty();
        }
        int port = JsonMapper.builder()
                .build()
                .readTree(ports.toFile())
                .path("controller")
                .asInt();
        URI address = URI.create("https://localhost:" + port);
        ControllerClient client;
        try {
            client = ControllerClient.of(address, TrustOffer.of(address).bundle());
        } catch (IOException e) {
            return Optional.empty(); // it is not running
        }
        try {
            client.authenticate("admin", Files.readString(password).strip());
            return Optional.of(client);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }
}
