package io.postern.router.ctrl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.postern.transport.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The controllers as last told, beside the config: {@code endpoints: [tls:..]} and {@code controllers: [{id, endpoints:
 * [{address}]}]}. Blocks. Fabric sheet 2.2.
 */
public final class EndpointsFile {
    /** @param byController addresses by controller id; {@code loose} are those whose controller is not known yet */
    public record Endpoints(List<Address> loose, Map<String, List<Address>> byController) {
        public static final Endpoints NONE = new Endpoints(List.of(), Map.of());
    }

    private static final Logger LOG = Logger.getLogger(EndpointsFile.class);
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Path file;

    public EndpointsFile(Path file) {
        this.file = file;
    }

    public Endpoints read() {
        if (!Files.exists(file)) {
            return Endpoints.NONE;
        }
        try {
            JsonNode tree = YAML.readTree(Files.readString(file));
            List<Address> loose = new ArrayList<>();
            tree.path("endpoints").forEach(text -> loose.add(Address.parse(text.asText())));
            Map<String, List<Address>> byController = new LinkedHashMap<>();
            for (JsonNode controller : tree.path("controllers")) {
                List<Address> addresses = new ArrayList<>();
                controller
                        .path("endpoints")
                        .forEach(endpoint -> addresses.add(
                                Address.parse(endpoint.path("address").asText())));
                byController.put(controller.path("id").asText(), addresses);
            }
            return new Endpoints(loose, byController);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf("endpoints.unreadable file=%s cause=%s", file, e.getMessage());
            return Endpoints.NONE;
        }
    }

    public void write(Endpoints endpoints) {
        ObjectNode tree = YAML.createObjectNode();
        ArrayNode all = tree.putArray("endpoints");
        endpoints.loose.forEach(address -> all.add(address.toString()));
        ArrayNode controllers = tree.putArray("controllers");
        endpoints.byController.forEach((id, addresses) -> {
            ObjectNode controller = controllers.addObject().put("id", id);
            ArrayNode list = controller.putArray("endpoints");
            addresses.forEach(address -> {
                list.addObject().put("address", address.toString());
                all.add(address.toString());
            });
        });
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(draft, YAML.writeValueAsString(tree));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warnf("endpoints.unwritten file=%s cause=%s", file, e.getMessage());
        }
    }
}
