package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The verbs that tell how things are: profiles of several networks, {@code policy advice}, {@code doctor}. */
final class DiagnosisCells {
    private static final int REFUSED = 1;
    private static final int NOT_LOGGED_IN = 3;

    private final World world;
    private final Report report;
    private final Verbs verbs;
    private final Path folder;

    DiagnosisCells(World world, Report report, Verbs verbs, Path folder) {
        this.world = world;
        this.report = report;
        this.verbs = verbs;
        this.folder = folder;
    }

    /** The administrator is logged in. */
    void run(Host host) {
        report.cell("verbs/profiles", this::profiles);
        report.cell("verbs/policy-advice", () -> advice(host));
        report.cell("verbs/doctor", this::doctor);
    }

    private String profiles() throws Exception {
        Network.Admin admin = world.network().credentials();
        String address = world.network().admin().base().toString();
        Path password = Files.writeString(folder.resolve("password"), admin.password() + "\n");
        Path identity = folder.resolve("certificate.json");
        verbs.inside("enroll", world.identity("dial", "certificate").toString(), "-o", identity.toString())
                .expect(0);
        Map<String, String> own =
                Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString(), "POSTERN_PROFILE", "");
        verbs.process(own, "login", address, "--yes", "--password-file", password.toString(), "--profile", "one")
                .expect(0, "(profile one)");
        verbs.process(own, "login", address, "--identity", identity.toString(), "--profile", "two")
                .expect(0, "(profile two)");
        verbs.process(own, "profile", "list").expect(0, "certificate", "password", "one", "two");
        verbs.process(own, "list", "services", "--profile", "one").expect(0, "NAME");
        verbs.process(own, "profile", "remove", "two").expect(0);
        verbs.process(own, "list", "services").expect(NOT_LOGGED_IN, "Not logged in");
        verbs.process(own, "profile", "use", "one").expect(0);
        verbs.process(own, "list", "services").expect(0, "NAME");
        return "";
    }

    private String advice(Host host) throws ReflectiveOperationException {
        String service = world.service(host.lane(), true);
        String dialer = "dial-" + host.lane() + "-" + world.tag();
        verbs.inside("policy", "advice", dialer, service).expect(0, "Yes: " + dialer + " can reach " + service);
        String stranger = "stranger-" + world.tag();
        verbs.inside("create", "identity", stranger).expect(0);
        String no = verbs.inside("policy", "advice", stranger, service)
                .expect(REFUSED, "No: ", "No service policy of type Dial", "No edge-router policy")
                .text();
        // What it says mends it: the commands, as they are printed.
        List<String[]> mends = no.lines()
                .map(String::strip)
                .filter(each -> each.startsWith("postern create "))
                .map(each ->
                        each.substring("postern ".length()).replace("'", "").split(" "))
                .toList();
        for (String[] mend : mends) {
            verbs.inside(mend).expect(0);
        }
        verbs.inside("policy", "advice", stranger, service).expect(0, "Yes: ");
        JsonNode told = Rest.parse(verbs.inside("policy", "advice", stranger, service, "-o", "json")
                .expect(0)
                .text());
        if (!told.path("reachable").asBoolean() || !told.path("gaps").isEmpty()) {
            throw new Failed("as JSON: " + told);
        }
        for (String[] mend : mends) { // create KIND NAME …
            verbs.inside("delete", mend[1], mend[2]).expect(0);
        }
        verbs.inside("delete", "identity", stranger).expect(0);
        return "";
    }

    private String doctor() throws Exception {
        verbs.process("doctor").expect(0, "ok       tls", "ok       clock", "ok       login");
        JsonNode all = Rest.parse(verbs.inside("doctor", "-o", "json").expect(0).text());
        if (!all.isArray() || all.size() < 6) {
            throw new Failed("as JSON: " + all);
        }
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"ztAPI\":\"https://localhost:1\"}");
        verbs.inside("doctor", "-i", broken.toString()).expect(REFUSED, "ILL      identity file", "enroll again");
        verbs.inside("doctor", "--reach", "nobody:nothing").expect(REFUSED, "There is no identity nobody");
        return all.size() + " findings";
    }
}
