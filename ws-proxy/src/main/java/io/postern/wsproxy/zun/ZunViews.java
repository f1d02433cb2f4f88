package io.postern.wsproxy.zun;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Containers and versions in Zun's words. */
final class ZunViews {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ZunViews() {}

    /** Zun names containers by UUID: made of the host and the engine's id, it is the same every time. */
    static String uuid(HostName host, String containerId) {
        return UUID.nameUUIDFromBytes((host.value() + "/" + containerId).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    static ObjectNode version(String base) {
        ObjectNode version = JSON.objectNode()
                .put("id", "v1")
                .put("status", "CURRENT")
                .put("min_version", "1.1")
                .put("max_version", "1.40");
        version.putArray("links").addObject().put("rel", "self").put("href", base + "/v1/");
        return version;
    }

    static ObjectNode versions(String base) {
        ObjectNode body = JSON.objectNode()
                .put("name", "Postern ws-proxy")
                .put("description", "Consoles of containers, as far as Zun clients ask for them.");
        body.putArray("versions").add(version(base));
        body.set("default_version", version(base));
        return body;
    }

    static ObjectNode container(ContainerFacts container) {
        ObjectNode view = JSON.objectNode()
                .put("uuid", uuid(container.host(), container.id()))
                .put("name", container.name())
                .put("image", container.image())
                .put("host", container.host().value())
                .put("status", status(container.state()))
                .put("interactive", container.stdin())
                .put("tty", container.tty());
        view.putNull("task_state");
        view.putObject("addresses");
        view.putArray("ports");
        view.putArray("links");
        ObjectNode labels = view.putObject("labels");
        container.labels().forEach(labels::put);
        return view;
    }

    private static String status(ContainerFacts.State state) {
        return switch (state) {
            case CREATED -> "Created";
            case RUNNING -> "Running";
            case PAUSED -> "Paused";
            case RESTARTING -> "Restarting";
            case EXITED -> "Stopped";
            case DEAD -> "Dead";
        };
    }
}
