package io.postern.controller.front;

import io.postern.api.Link;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.pki.Advertised;
import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import io.postern.pki.Certificates;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The controllers that clients may use: replicas stand behind one address, so there is one. */
@Singleton
public class ControllerViews {
    private final PosternConfig config;
    private final Advertised advertised;
    private final Pki pki;
    private final Instant startedAt = Instant.now();

    ControllerViews(PosternConfig config, Advertised advertised, Pki pki) {
        this.config = config;
        this.advertised = advertised;
        this.pki = pki;
    }

    public List<ControllerView> all() {
        KeyEntry leaf = pki.https();
        String id = config.controllerId();
        return List.of(new ControllerView(
                id,
                leaf.createdAt(),
                leaf.createdAt(),
                Map.of(),
                Link.self("controllers", id),
                id,
                Certificates.toPem(leaf.certificate()),
                leaf.kid(),
                true,
                startedAt,
                addresses()));
    }

    private Map<String, List<ControllerView.Address>> addresses() {
        var client = List.of(new ControllerView.Address(advertised.url() + "/edge/client/v1", "v1"));
        return config.oidc().enabled()
                ? Map.of(
                        "edge-client",
                        client,
                        "edge-oidc",
                        List.of(new ControllerView.Address(advertised.url() + "/oidc", "v1")))
                : Map.of("edge-client", client);
    }
}
