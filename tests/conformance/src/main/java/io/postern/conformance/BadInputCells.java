package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stolen tokens, worn-out enrollments, frames that are none. */
final class BadInputCells {
    private final World world;
    private final Report report;
    private @Nullable Person owner;
    private @Nullable Person thief;
    private String router = "";

    BadInputCells(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    void run(List<Client> clients) {
        report.cell(
                "bad/enroll-unknown",
                () -> refused("00000000-0000-0000-0000-000000000000", "INVALID_ENROLLMENT_TOKEN"));
        report.cell("bad/enroll-used", this::used);
        report.cell("bad/enroll-expired", this::expired);
        for (Client client : clients) {
            report.cell("bad/enroll-forged-" + client.lane(), () -> forged(client));
            report.cell("bad/enroll-used-" + client.lane(), () -> usedBy(client));
        }
        report.cell("bad/token-owner", this::prepared);
        if (owner != null && thief != null) {
            if (world.network().breakable()) { // stock legacy tokens are bound to no key
                report.cell("bad/token-stolen-rest", this::stolenRest);
                report.cell("bad/token-stolen-channel", this::stolenChannel);
            }
            report.cell(
                    "bad/frame-garbage",
                    () -> closes("garbage that is no frame at all, forty bytes".getBytes(StandardCharsets.US_ASCII)));
            report.cell("bad/frame-oversized", () -> closes(oversized()));
            report.cell("bad/frame-before-hello", () -> closes(EdgeHello.frame(60783, new byte[0], "")));
        }
        if (world.network().breakable()) { // stock has no such limit, and names other fields
            report.cell("bad/body-oversized", this::bodyOversized);
            report.cell("bad/nothing-half-made", this::nothingHalfMade);
        }
    }

    private String refused(String token, String code) {
        Rest.Answer answer = Person.enroll(world, token, null);
        if (answer.status() != 400 || !answer.code().equals(code)) {
            throw new Failed("status " + answer.status() + " " + answer.code() + ", expected 400 " + code);
        }
        return code;
    }

    private String used() throws Exception {
        Path jwt = world.identity("used", "self");
        Person.enroll(world, jwt);
        return refused(Person.Claims.read(jwt).token(), "INVALID_ENROLLMENT_TOKEN");
    }

    private String expired() throws IOException, InterruptedException {
        ObjectNode identity = Rest.object()
                .put("name", "expired-" + world.tag())
                .put("type", "Default")
                .put("isAdmin", false);
        Rest admin = world.network().admin();
        String id = admin.create("identities", identity);
        Instant end = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MILLIS);
        ObjectNode enrollment =
                Rest.object().put("identityId", id).put("method", "ott").put("expiresAt", end.toString());
        admin.create("enrollments", enrollment);
        Path jwt = world.tokenOf(id, "expired");
        Thread.sleep(Duration.between(Instant.now(), end).plusMillis(500));
        return refused(Person.Claims.read(jwt).token(), "ENROLLMENT_EXPIRED");
    }

    /** A token with a wrong signature: the SDKs check it themselves before they call. */
    private String forged(Client client) throws IOException, InterruptedException {
        Path jwt = world.identity("forged", client.lane());
        String text = Files.readString(jwt);
        int at = text.lastIndexOf('.') + 20;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        Files.writeString(jwt, text.substring(0, at) + other + text.substring(at + 1));
        return refusedBy(client, jwt);
    }

    private String usedBy(Client client) throws IOException, InterruptedException {
        Path jwt = world.identity("twice", client.lane());
        Path out = world.folder().resolve("twice-" + client.lane() + client.identitySuffix());
        client.once("enroll", Duration.ofSeconds(60), "enroll", jwt.toString(), out.toString());
        return refusedBy(client, jwt);
    }

    /** The C SDK hangs in some of these instead of failing: what counts is that it holds no identity. */
    private String refusedBy(Client client, Path jwt) throws IOException, InterruptedException {
        Path out = world.folder().resolve("refused-" + client.lane() + client.identitySuffix());
        Map<String, String> environment = Map.of("LANE_TIMEOUT", client.lane().equals("c") ? "10" : "60");
        try (Proc proc = client.run("enroll-bad", environment, "enroll", jwt.toString(), out.toString())) {
            String result = proc.await("RESULT", line -> line.startsWith("RESULT "), Duration.ofSeconds(65));
            if (result.startsWith("RESULT enroll ok") || Files.exists(out)) {
                throw new Failed("enrolled: " + result);
            }
            return result.substring("RESULT ".length(), Math.min(100, result.length()));
        }
    }

    private String prepared() throws Exception {
        owner = Person.enroll(world, world.identity("dial", "owner"));
        thief = Person.enroll(world, world.identity("dial", "thief"));
        for (Person person : List.of(owner, thief)) {
            Rest.expect("authenticate", person.rest().certificate(Rest.CLIENT), 200);
        }
        JsonNode routers = owner.rest().get(Rest.CLIENT + "/current-identity/edge-routers");
        router = routers.path(0).path("supportedProtocols").path("tls").asText();
        if (router.isEmpty()) {
            throw new Failed("no edge router with a tls address: " + routers);
        }
        if (!EdgeHello.accepted(
                router, owner.keys(), String.valueOf(owner.rest().token()))) {
            throw new Failed("the owner's own token is refused by " + router);
        }
        return router;
    }

    private String stolenRest() {
        String token =
                String.valueOf(java.util.Objects.requireNonNull(owner).rest().token());
        Rest anonymous = new Rest(world.network().admin().base(), null);
        Rest other = new Rest(
                world.network().admin().base(),
                java.util.Objects.requireNonNull(thief).keys());
        for (Rest rest : List.of(anonymous, other)) {
            rest.use(token);
            Rest.Answer answer = rest.call("GET", Rest.CLIENT + "/current-identity", null);
            if (answer.status() != 401) {
                throw new Failed((rest == other ? "other key" : "no key") + ": status " + answer.status());
            }
        }
        return "401 without the key, 401 with another";
    }

    private String stolenChannel() throws Exception {
        String token =
                String.valueOf(java.util.Objects.requireNonNull(owner).rest().token());
        if (EdgeHello.accepted(router, java.util.Objects.requireNonNull(thief).keys(), token)) {
            throw new Failed("the channel is accepted with another key");
        }
        if (EdgeHello.accepted(router, owner.keys(), "ey" + token.substring(2, token.length() - 4) + "AAAA")) {
            throw new Failed("the channel is accepted with a forged token");
        }
        return "refused";
    }

    private String closes(byte[] bytes) throws Exception {
        Person person = java.util.Objects.requireNonNull(owner);
        if (!EdgeHello.closedAfter(router, person.keys(), bytes)) {
            throw new Failed("the router keeps the connection");
        }
        if (!EdgeHello.accepted(
                router, person.keys(), String.valueOf(person.rest().token()))) {
            throw new Failed("the router does not serve others any more");
        }
        return "closed, others served";
    }

    private static byte[] oversized() {
        byte[] frame = EdgeHello.frame(0, new byte[0], "");
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(16, Integer.MAX_VALUE - 8);
        return frame;
    }

    private String bodyOversized() throws IOException, GeneralSecurityException {
        String answer = OversizedBody.answer(world.network().admin().base(), Rest.MANAGEMENT + "/identities");
        if (!answer.startsWith("HTTP/1.1 413 ") || !answer.contains("REQUEST_ENTITY_TOO_LARGE")) {
            throw new Failed("answered " + answer.lines().findFirst().orElse(""));
        }
        return "413 while sending";
    }

    /** What was refused above, and requests that fail at their second half, left no identity, router or enrollment behind. */
    private String nothingHalfMade() {
        Rest admin = world.network().admin();
        long identities = count("identities");
        long routers = count("edge-routers");
        long enrollments = count("enrollments");
        ObjectNode taken = Rest.object()
                .put("name", "taken-" + world.tag())
                .put("type", "Default")
                .put("isAdmin", false);
        String id = admin.create("identities", taken);
        ObjectNode badEnrollment = taken.deepCopy().put("name", "half-" + world.tag());
        badEnrollment.putObject("enrollment").put("ottca", "no such authority");
        refusedByField("identities", badEnrollment, "enrollment.ottca");
        refusedByField(
                "edge-routers",
                Rest.object().put("name", "taken-" + world.tag()).put("isTunnelerEnabled", true),
                "name");
        refusedByField("identities", taken, "name");
        Rest.expect("delete", admin.call("DELETE", Rest.MANAGEMENT + "/identities/" + id, null), 200);
        if (count("identities") != identities
                || count("edge-routers") != routers
                || count("enrollments") != enrollments) {
            throw new Failed("identities, routers or enrollments are not as many as before");
        }
        return "";
    }

    private void refusedByField(String kind, ObjectNode body, String field) {
        Rest.Answer answer = world.network().admin().call("POST", Rest.MANAGEMENT + "/" + kind, body);
        String said = answer.body().at("/error/cause/field").asText();
        if (answer.status() != 400 || !said.equals(field)) {
            throw new Failed(kind + ": status " + answer.status() + ", field " + said + " for " + field);
        }
    }

    private long count(String kind) {
        Rest.Answer answer = world.network().admin().call("GET", Rest.MANAGEMENT + "/" + kind + "?limit=1", null);
        Rest.expect("list " + kind, answer, 200);
        return answer.body().at("/meta/pagination/totalCount").asLong(-1);
    }
}
