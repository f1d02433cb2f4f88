package io.postern.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.client.ControllerClient;
import io.postern.client.Enroller;
import io.postern.client.IdentityFile;
import io.postern.conformance.PosternNetwork;
import io.postern.conformance.Rest;
import java.nio.file.Path;
import java.util.List;

/** What the controller's REST calls cost in CPU of the controller's process; its PostgreSQL is not counted. */
final class ControllerBench {
    private static final int IDENTITIES = 4000;
    private static final int WARM = 1000;
    private static final int KEPT = 3000;
    private static final int FRESH = 400;
    private static final int LISTS = 1000;

    private ControllerBench() {}

    @FunctionalInterface
    private interface Call {
        void run(int number) throws Exception;
    }

    static void run(Path root, Path work) throws Exception {
        try (PosternNetwork network = PosternNetwork.start(root, work, work, which -> List.of())) {
            Rest admin = network.admin();
            long controller = network.pid('C');
            cost(controller, WARM, number -> create(admin, "warm", number));
            Figure.print(
                    "identity_create_core_ms",
                    cost(controller, IDENTITIES - WARM, number -> create(admin, "load", number)),
                    "core-ms",
                    "-");
            certificates(admin, controller);
            Call contains = number -> admin.get(
                    Rest.MANAGEMENT + "/identities?filter=name%20contains%20%22" + (100 + number % 800) + "%22");
            cost(controller, WARM, contains);
            Figure.print("name_contains_core_ms", cost(controller, LISTS, contains), "core-ms", "<=2");
        }
    }

    private static void create(Rest admin, String name, int number) {
        ObjectNode draft = Rest.object()
                .put("name", name + "-" + number)
                .put("type", "Default")
                .put("isAdmin", false);
        draft.putArray("roleAttributes").add("load");
        draft.putObject("enrollment").put("ott", true);
        admin.create("identities", draft);
    }

    private static void certificates(Rest admin, long controller) throws Exception {
        ObjectNode draft =
                Rest.object().put("name", "caller").put("type", "Default").put("isAdmin", false);
        draft.putObject("enrollment").put("ott", true);
        String id = admin.create("identities", draft);
        JsonNode created = admin.get(Rest.MANAGEMENT + "/identities/" + id);
        IdentityFile identity = new Enroller()
                .enroll(created.path("enrollment").path("ott").path("jwt").asText());
        try (ControllerClient kept = ControllerClient.of(identity)) {
            Call authenticate = number -> kept.authenticate();
            cost(controller, WARM, authenticate);
            Figure.print("certificate_kept_core_ms", cost(controller, KEPT, authenticate), "core-ms", "<=1");
        }
        Call fresh = number -> {
            try (ControllerClient once = ControllerClient.of(identity)) {
                once.authenticate();
            }
        };
        cost(controller, FRESH / 4, fresh);
        Figure.print("certificate_fresh_core_ms", cost(controller, FRESH, fresh), "core-ms", "<=4");
    }

    /** CPU milliseconds of the process for each of {@code times} calls. */
    private static double cost(long pid, int times, Call call) throws Exception {
        double before = ProcessCpu.seconds(List.of(pid));
        for (int number = 0; number < times; number++) {
            call.run(number);
        }
        return (ProcessCpu.seconds(List.of(pid)) - before) * 1000 / times;
    }
}
