package io.postern.controller.kernel;

import io.postern.controller.identity.Identities;
import io.postern.controller.testing.Admin;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What stood in the stock network before it was recorded, and what its ids are here. */
final class StockWorld {
    private final String suffix;
    private final List<String> made = new ArrayList<>();

    StockWorld(String suffix) {
        this.suffix = suffix;
    }

    Map<String, String> make() {
        Map<String, String> ids = new HashMap<>();
        String type = create("config-types", "{\"name\":\"app-" + suffix + "\",\"schema\":{\"type\":\"object\"}}");
        ids.put("3L4ZtJVwJs8bFo81b6e5T", type);
        String config = create(
                "configs",
                "{\"name\":\"cfg-" + suffix + "\",\"configTypeId\":\"" + type + "\",\"data\":{\"port\":8082}}");
        ids.put("16amw7efluAY9yNvu4sSap", config);
        String tunnel = create(
                "configs",
                "{\"name\":\"tun-" + suffix + "\",\"configTypeId\":\"NH5p4FpGR\","
                        + "\"data\":{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":1}}");
        String clear = service("clear", "[\"apps\",\"web\"]", config);
        ids.put("N1fNDIGSOzIrVWDHDYNAN", clear);
        ids.put("4nLfgFO4BARO4JnQHW1vWd", service("tun", "[\"tun\"]", tunnel));
        ids.put("EcvVU7QmQ", router("rb"));
        ids.put("EtwjU7Qmn", router("ra"));
        String dialer = identity("dialer", "dialers");
        ids.put("jGIpP7nHQ", dialer);
        ids.put("z9ifSAnHQ", identity("hoster", "hosters"));
        ids.put("QolRVAQmnF", identity("enroller", "x"));
        create(
                "edge-router-policies",
                "{\"name\":\"all-" + suffix + "\",\"semantic\":\"AnyOf\",\"edgeRouterRoles\":[\"#all\"],"
                        + "\"identityRoles\":[\"#all\"]}");
        ids.put("2ZvPbNBZB", defaultAdmin());
        Admin.sending("[{\"serviceId\":\"" + clear + "\",\"configId\":\"" + config + "\"}]")
                .post("identities/" + dialer + "/service-configs")
                .then()
                .statusCode(200);
        return ids;
    }

    private static String defaultAdmin() {
        Kernel kernel = CDI.current().select(Kernel.class).get();
        Identities identities = CDI.current().select(Identities.class).get();
        return kernel.onContext(
                        () -> kernel.write(work -> identities.defaultAdmin(work, Ids.next(), "first admin of all")))
                .await()
                .atMost(Duration.ofSeconds(60));
    }

    void clear() {
        made.reversed()
                .forEach(path -> Admin.admin()
                        .delete(path)
                        .then()
                        .log()
                        .ifValidationFails()
                        .statusCode(200));
    }

    private String service(String name, String attributes, String config) {
        return create(
                "services",
                "{\"name\":\"" + name + "-" + suffix + "\",\"encryptionRequired\":false,\"roleAttributes\":"
                        + attributes + ",\"configs\":[\"" + config + "\"]}");
    }

    private String router(String name) {
        return create("edge-routers", "{\"name\":\"" + name + "-" + suffix + "\",\"isTunnelerEnabled\":true}");
    }

    private String identity(String name, String attribute) {
        return create(
                "identities",
                "{\"name\":\"" + name + "-" + suffix
                        + "\",\"type\":\"Default\",\"isAdmin\":false,\"roleAttributes\":[\"" + attribute + "\"]}");
    }

    private String create(String collection, String body) {
        String id = Admin.create(collection, body);
        made.add(collection + "/" + id);
        return id;
    }
}
