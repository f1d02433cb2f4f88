package io.postern.router.enroll;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.client.ApiRefusal;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.pki.Certificates;
import io.postern.pki.PkiException;
import io.postern.router.config.InvalidConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * Gets a one-time enrollment token for the token that an orchestrator gave this process. The controller is trusted by the
 * network's authority only, before anything is sent to it. Blocks.
 */
public final class WorkloadExchange {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** No token was given; the message says why and never has a token in it. */
    public static final class Failed extends IOException {
        private static final long serialVersionUID = 1;

        Failed(String message, IOException cause) {
            super(message, cause);
        }
    }

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final URI controller;
    private final Path authority;
    private final Duration patience;

    /**
     * @param authority PEM file of the network's root
     * @param patience for a controller that does not answer yet; pods of a new network start together
     */
    public WorkloadExchange(URI controller, Path authority, Duration patience) {
        this.controller = controller;
        this.authority = authority;
        this.patience = patience;
    }

    /**
     * @throws Failed when the controller refuses, or cannot be reached for as long as it is waited for
     * @throws IOException when the authority's file cannot be read
     */
    public String exchange(String workloadToken) throws IOException {
        if (!"https".equals(controller.getScheme())) {
            throw new InvalidConfig("--controller is " + controller + "; it looks like https://host:port");
        }
        long begin = System.nanoTime();
        try (ControllerClient client = ControllerClient.of(controller, trust())) {
            while (true) {
                try {
                    return client.post(
                                    Api.CLIENT,
                                    "/enroll/workload",
                                    JSON.createObjectNode().put("token", workloadToken))
                            .path("jwt")
                            .asText();
                } catch (ApiRefusal e) {
                    throw failed(e);
                } catch (IOException e) {
                    if (System.nanoTime() - begin >= patience.toNanos()) {
                        throw failed(e);
                    }
                    pause(e);
                }
            }
        }
    }

    private Failed failed(IOException e) {
        return new Failed("The controller at " + controller + " gives no enrollment token: " + e.getMessage(), e);
    }

    private void pause(IOException cause) throws Failed {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(cause);
        }
    }

    private List<X509Certificate> trust() throws IOException {
        try {
            return Certificates.parse(Files.readString(authority));
        } catch (PkiException e) {
            throw new InvalidConfig("--ca: " + authority + " holds no certificate that can be read");
        }
    }
}
