package io.postern.controller.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.controller.ControllerTest;
import io.postern.controller.kernel.Ids;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.controller.replica.Replicas;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * A running controller goes on while a newer one gives every table columns that it does not know. PostgreSQL refuses a
 * statement that was prepared before, where its columns are {@code *}; so all of it is done before and after.
 */
@ControllerTest
@TestProfile(NewerSchemaTest.Own.class)
class NewerSchemaTest {
    /** Its database is no other test's. */
    public static final class Own implements QuarkusTestProfile {}

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MANAGEMENT = "/edge/management/v1/";
    private static final String[] COLLECTIONS = {
        "api-sessions",
        "auth-policies",
        "authenticators",
        "config-types",
        "configs",
        "console-events",
        "edge-router-policies",
        "edge-router-role-attributes",
        "edge-routers",
        "enrollments",
        "identities",
        "identity-role-attributes",
        "service-edge-router-policies",
        "service-policies",
        "service-role-attributes",
        "services",
        "sessions",
        "summary",
        "terminators",
    };

    @Inject
    DataSource database;

    @Inject
    Network world;

    @Inject
    ModelFeed feed;

    @Inject
    NetworkLoop loop;

    @Inject
    Replicas replicas;

    @Test
    void columnsThatItDoesNotKnowDisturbNothing() throws SQLException {
        everythingIsDone();
        everythingIsDone();
        widen();
        everythingIsDone();
        everythingIsDone();
    }

    private void widen() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("""
                    do $$ declare t text; begin
                        for t in select tablename from pg_tables where schemaname = 'public' loop
                            execute format('alter table %I add column later text not null default ''x'','
                                || ' add column later_still jsonb', t);
                        end loop;
                    end $$""");
        }
    }

    private void everythingIsDone() {
        Http admin = loggedIn(
                Http.anonymous(world.port()),
                "management/v1/authenticate?method=password",
                "{\"username\":\"admin\",\"password\":\"admin-password\"}");
        String name = "n" + Ids.next();
        String service = made(
                admin,
                "services",
                "{\"name\":\"" + name + "\",\"encryptionRequired\":false,\"roleAttributes\":[\"" + name + "\"]}");
        String identity = made(
                admin,
                "identities",
                "{\"name\":\"" + name + "\",\"type\":\"Default\",\"isAdmin\":false,\"roleAttributes\":[\"" + name
                        + "\"]}");
        for (String type : new String[] {"Dial", "Bind"}) {
            made(
                    admin,
                    "service-policies",
                    "{\"name\":\"" + name + type + "\",\"type\":\"" + type + "\",\"semantic\":\"AnyOf\","
                            + "\"serviceRoles\":[\"#" + name + "\"],\"identityRoles\":[\"#" + name + "\"]}");
        }
        made(admin, "edge-routers", "{\"name\":\"" + name + "\",\"roleAttributes\":[\"" + name + "\"]}");
        made(
                admin,
                "edge-router-policies",
                "{\"name\":\"" + name + "\",\"semantic\":\"AnyOf\",\"edgeRouterRoles\":[\"#" + name
                        + "\"],\"identityRoles\":[\"#" + name + "\"]}");
        made(
                admin,
                "service-edge-router-policies",
                "{\"name\":\"" + name + "\",\"semantic\":\"AnyOf\",\"edgeRouterRoles\":[\"#" + name
                        + "\"],\"serviceRoles\":[\"#" + name + "\"]}");
        changed(admin, "services/" + service);
        changed(admin, "identities/" + identity);
        for (String collection : COLLECTIONS) {
            good(admin.get(MANAGEMENT + collection), 200);
        }
        good(admin.get("/fabric/v1/circuits"), 200);
        theClientIsServed(world.enrolled(identity).http(), service);
        theNetworkHears(service);
        theOthersAreHeard();
        aCircuitIsTakenOver();
    }

    private static void theClientIsServed(Http client, String service) {
        loggedIn(client, "client/v1/authenticate?method=cert", "{}");
        good(client.get("/edge/client/v1/current-identity"), 200);
        good(client.get("/edge/client/v1/current-api-session"), 200);
        assertThat(good(client.get("/edge/client/v1/services"), 200).data().findValuesAsText("id"))
                .contains(service);
        var session = client.post("/edge/client/v1/sessions", "{\"serviceId\":\"" + service + "\",\"type\":\"Bind\"}");
        assertThat(session.status()).as(session.response().body()).isIn(200, 201);
    }

    private void theNetworkHears(String service) {
        await("the model has the service")
                .atMost(SOON)
                .until(() -> loop.ask(() -> feed.model().find(Entry.Service.class, service))
                        .toCompletableFuture()
                        .join()
                        .isPresent());
    }

    private void theOthersAreHeard() {
        Instant before = replicas.known().own().orElseThrow().heardAt();
        await("this controller says that it lives")
                .atMost(SOON)
                .until(() -> replicas.known().own().orElseThrow().heardAt().isAfter(before));
    }

    private void aCircuitIsTakenOver() {
        String dead = Ids.next();
        world.sql(
                "insert into controller (id, instance, version, control_address, url, cert_pem, fingerprint, joined_at,"
                        + " heard_at) values (?, 'i', 'v', 'tls:localhost:1', 'https://localhost:1', '', '', now(), now())",
                dead);
        await("the other controller is seen")
                .atMost(SOON)
                .until(() -> replicas.known().peers().stream()
                        .anyMatch(each -> each.id().equals(dead)));
        world.sql(
                "insert into circuit (id, controller_id, created_at, identity_id, service_id, terminator_id,"
                        + " ingress_address, egress_address, cost, routers, links)"
                        + " values (?, ?, now(), 'i', 's', 't', 'a', 'b', 1, array['r'], array[]::text[])",
                dead,
                dead);
        world.sql("delete from controller where id = ?", dead);
        await("its circuit is taken over")
                .atMost(SOON)
                .until(() -> world.count("select count(*) from circuit where controller_id = ?", dead) == 0);
    }

    private static Http loggedIn(Http http, String path, String credentials) {
        var login = good(http.post("/edge/" + path, credentials), 200);
        return http.session(login.data().path("token").asText());
    }

    private static String made(Http admin, String collection, String body) {
        return good(admin.post(MANAGEMENT + collection, body), 201)
                .data()
                .path("id")
                .asText();
    }

    private static void changed(Http admin, String entity) {
        good(admin.send("PATCH", MANAGEMENT + entity, "{\"tags\":{\"seen\":\"yes\"}}"), 200);
    }

    private static Http.Answer good(Http.Answer answer, int status) {
        assertThat(answer.status())
                .as(answer.response().uri() + " " + answer.response().body())
                .isEqualTo(status);
        return answer;
    }
}
