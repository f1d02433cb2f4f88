package io.postern.router.enroll;

import com.fasterxml.jackson.databind.json.JsonMapper;
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

    private final URI controller;
    private final Path authority;

    /** @param authority PEM file of the network's root */
    public WorkloadExchange(URI controller, Path authority) {
        this.controller = controller;
        this.authority = authority;
    }

    /**
     * @throws Failed when the controller cannot be reached or refuses
     * @throws IOException when the authority's file cannot be read
     */
    public String exchange(String workloadToken) throws IOException {
        if (!"https".equals(controller.getScheme())) {
            throw new InvalidConfig("--controller is " + controller + "; it looks like https://host:port");
        }
        List<X509Certificate> trust = trust();
        try (ControllerClient client = ControllerClient.of(controller, trust)) {
            return client.post(
                            Api.CLIENT,
                            "/enroll/workload",
                            JSON.createObjectNode().put("token", workloadToken))
                    .path("jwt")
                    .asText();
        } catch (IOException e) {
            throw new Failed("The controller at " + controller + " gives no enrollment token: " + e.getMessage(), e);
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
