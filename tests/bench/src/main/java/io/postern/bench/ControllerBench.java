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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the controller's REST calls cost in CPU of the controller's process: user and system time of all its threads, event
 * loops, collector and compilers included. Its PostgreSQL and the caller are not counted. One caller, one call after the
 * other; each kind of call is repeated until the compilers rest (see {@link Steady}), then five rounds are counted and the
 * middle one is shown. {@code kept} authenticates again and again over one connection, {@code fresh} opens a TCP and TLS
 * connection for each, without resumption. The share of the compilers in the shown round stands beside each figure.
 */
final class ControllerBench {
    private static final int IDENTITIES = 4000;

    private final Rest admin;
    private final List<Long> controller;

    private ControllerBench(Rest admin, long controller) {
        this.admin = admin;
        this.controller = List.of(controller);
    }

    @FunctionalInterface
    private interface Call {
        void run(int number) throws Exception;
    }

    /** @param parts which figures, out of kept, fresh and contains; all when there is none */
    static void run(Path root, Path work, Set<String> parts) throws Exception {
        try (PosternNetwork network = PosternNetwork.controllerAlone(root, work, work)) {
            var bench = new ControllerBench(network.admin(), network.pid('C'));
            if (wants(parts, "kept") || wants(parts, "fresh")) {
                bench.certificates(parts);
            }
            if (wants(parts, "contains")) {
                bench.contains();
            }
        }
    }

    private static boolean wants(Set<String> parts, String part) {
        return parts.isEmpty() || parts.contains(part);
    }

    private void contains() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Call create = number -> create("load", made.incrementAndGet());
        show("identity_create", Steady.of(controller, 300, 8, each(create)), "-");
        while (made.get() < IDENTITIES) {
            create.run(0);
        }
        Call contains = number ->
                admin.get(Rest.MANAGEMENT + "/identities?filter=name%20contains%20%22" + (100 + number % 800) + "%22");
        show("name_contains", Steady.of(controller, 800, 12, each(contains)), "<=2");
    }

    private String create(String name, int number) {
        ObjectNode draft = Rest.object()
                .put("name", name + "-" + number)
                .put("type", "Default")
                .put("isAdmin", false);
        draft.putArray("roleAttributes").add("load");
        draft.putObject("enrollment").put("ott", true);
        return admin.create("identities", draft);
    }

    private void certificates(Set<String> parts) throws Exception {
        JsonNode created = admin.get(Rest.MANAGEMENT + "/identities/" + create("caller", 0));
        IdentityFile identity = new Enroller()
                .enroll(created.path("enrollment").path("ott").path("jwt").asText());
        if (wants(parts, "kept")) {
            try (ControllerClient kept = ControllerClient.of(identity)) {
                Call authenticate = number -> kept.authenticate();
                show("certificate_kept", Steady.of(controller, 1500, 10, each(authenticate)), "<=1");
            }
        }
        if (wants(parts, "fresh")) {
            FreshLogin fresh = new FreshLogin(identity);
            Call authenticate = number -> fresh.run();
            show("certificate_fresh", Steady.of(controller, 500, 12, each(authenticate)), "<=4");
        }
    }

    private static Steady.Work each(Call call) {
        return times -> {
            for (int number = 0; number < times; number++) {
                call.run(number);
            }
        };
    }

    private static void show(String name, Steady.Cost cost, String goal) {
        Figure.print(name + "_core_ms", cost.coreMillis(), "core-ms", goal);
        Figure.print(name + "_compiler_core_ms", cost.compiling(), "core-ms", "-");
    }
}
