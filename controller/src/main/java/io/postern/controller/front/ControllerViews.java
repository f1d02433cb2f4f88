package io.postern.controller.front;

import io.postern.api.Link;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.replica.Replica;
import io.postern.controller.replica.ReplicaSet;
import io.postern.controller.replica.Replicas;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The controllers that clients may use: all over this database. */
@Singleton
public class ControllerViews {
    private final Replicas replicas;
    private final PosternConfig config;

    ControllerViews(Replicas replicas, PosternConfig config) {
        this.replicas = replicas;
        this.config = config;
    }

    /** Eldest first. This one is among them from the moment its port is open: stock clients crash on an empty list. */
    public List<ControllerView> all() {
        ReplicaSet known = replicas.known();
        List<Replica> all = new ArrayList<>(known.all());
        if (known.own().isEmpty()) {
            all.add(replicas.self());
        }
        return all.stream().map(this::view).toList();
    }

    private ControllerView view(Replica replica) {
        return new ControllerView(
                replica.id(),
                replica.joinedAt(),
                replica.heardAt(),
                Map.of(),
                Link.self("controllers", replica.id()),
                replica.id(),
                replica.certPem(),
                replica.fingerprint(),
                replica.online(),
                replica.joinedAt(),
                addresses(replica.url()));
    }

    /** Replicas are configured alike in what they offer. */
    private Map<String, List<ControllerView.Address>> addresses(String url) {
        var client = List.of(new ControllerView.Address(url + "/edge/client/v1", "v1"));
        return config.oidc().enabled()
                ? Map.of("edge-client", client, "edge-oidc", List.of(new ControllerView.Address(url + "/oidc", "v1")))
                : Map.of("edge-client", client);
    }
}
