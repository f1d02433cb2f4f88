package io.postern.controller.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.token.ApiSessionClaims;
import io.postern.controller.token.Tokens;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.Keys;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** This release starts over what {@link OlderRelease} left: its migrations keep everything, and everybody goes on. */
@ControllerTest
@TestProfile(OldDatabaseTest.OldDatabase.class)
@TestMethodOrder(OrderAnnotation.class)
public class OldDatabaseTest {
    /** By which the tests' database is told to be an old one. */
    public static final class OldDatabase implements QuarkusTestProfile {}

    private static final String PASSWORD_LOGIN = "/edge/management/v1/authenticate?method=password";
    private static final String CERTIFICATE_LOGIN = "/edge/client/v1/authenticate?method=cert";

    @Inject
    DataSource database;

    @Inject
    HttpServer server;

    @Inject
    Tokens tokens;

    @ConfigProperty(name = "postern.data-folder")
    Path folder;

    private Http anonymous() {
        return Http.anonymous(server.getSecurePort());
    }

    private Http laptop() throws IOException {
        var chain = Certificates.parse(Files.readString(folder.resolve(OlderRelease.LAPTOP_CERTIFICATE)));
        return Http.of(
                server.getSecurePort(),
                Keys.privateKey(Files.readString(folder.resolve(OlderRelease.LAPTOP_KEY))),
                chain);
    }

    private Http administrator() {
        Http http = anonymous();
        var login =
                http.post(PASSWORD_LOGIN, "{\"username\":\"admin\",\"password\":\"" + OlderRelease.PASSWORD + "\"}");
        assertThat(login.status()).as(login.response().body()).isEqualTo(200);
        return http.session(login.data().path("token").asText());
    }

    private long count(String query, String value) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(query)) {
            statement.setString(1, value);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** First, before any caller changes one. The index of the model goes on: nothing begins anew. */
    @Test
    @Order(1)
    void everyRowIsAsItWas() throws IOException, SQLException {
        List<String> rows = Files.readAllLines(folder.resolve(OlderRelease.ROWS));
        assertThat(rows).hasSizeGreaterThan(30);
        var missing = new ArrayList<String>();
        for (String row : rows) {
            String table = row.substring(0, row.indexOf('\t'));
            if (!table.equals("model_index")
                    && count(
                                    "select count(*) from " + table + " t where to_jsonb(t) @> cast(? as jsonb)",
                                    row.substring(table.length() + 1))
                            != 1) {
                missing.add(row);
            }
        }
        assertThat(missing).isEmpty();
        assertThat(count("select count(*) from model_index where last >= 1 and ? <> ''", "x"))
                .isEqualTo(1);
        assertThat(count("select count(*) from identity where is_default_admin and ? <> ''", "x"))
                .isEqualTo(1);
    }

    @Test
    @Order(2)
    void migrationsAreTheNewest() throws SQLException {
        assertThat(count(
                        "select count(*) from flyway_schema_history where success and version = ?",
                        Migrations.pinned().getLast().version()))
                .isEqualTo(1);
    }

    @Test
    void theAdministratorFindsTheModel() {
        Http admin = administrator();
        for (String[] each : new String[][] {
            {"services", "web"},
            {"services", "other"},
            {"configs", "web-own"},
            {"config-types", "own.v1"},
            {"identities", "laptop"},
            {"edge-routers", "router-1"},
            {"service-policies", "dial"},
            {"edge-router-policies", "routers"},
            {"service-edge-router-policies", "service-routers"},
        }) {
            var found = admin.get("/edge/management/v1/" + each[0] + "?filter=name%3D%22" + each[1] + "%22");
            assertThat(found.status()).as(found.response().body()).isEqualTo(200);
            assertThat(found.data().findValuesAsText("name")).as(each[0]).contains(each[1]);
        }
        JsonNode web = admin.get("/edge/management/v1/services/service-web").data();
        assertThat(web.path("tags").path("owner").asText()).isEqualTo("alice");
        assertThat(web.path("configs")).hasSize(2);
        assertThat(admin.get("/edge/management/v1/terminators/terminator-1")
                        .data()
                        .path("precedence")
                        .asText())
                .isEqualTo("required");
        assertThat(admin.get("/edge/management/v1/console-events").status()).isEqualTo(200);
    }

    @Test
    void theModelGoesOnBeingChanged() {
        Http admin = administrator();
        var changed =
                admin.send("PATCH", "/edge/management/v1/services/service-other", "{\"roleAttributes\":[\"web\"]}");
        assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
        var made = admin.post(
                "/edge/management/v1/identities", "{\"name\":\"after\",\"type\":\"Default\",\"isAdmin\":false}");
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    }

    @Test
    void aCertificateLogsInAndSeesItsServices() throws IOException {
        Http laptop = laptop();
        var login = laptop.post(CERTIFICATE_LOGIN, "{\"configTypes\":[\"all\"]}");
        assertThat(login.status()).as(login.response().body()).isEqualTo(200);
        var services = laptop.session(login.data().path("token").asText())
                .get("/edge/client/v1/services?filter=name%3D%22web%22");
        assertThat(services.status()).isEqualTo(200);
        JsonNode web = services.data().path(0);
        assertThat(web.path("permissions").toString()).contains("Dial", "Bind");
        assertThat(web.path("config").path("own.v1").path("port").asInt())
                .as(web.toString())
                .isEqualTo(80);
    }

    /** With the token that it was given then: the keys that signed it are the network's still. */
    @Test
    void anApiSessionGoesOn() throws IOException {
        String fingerprint =
                Certificates.sha1(Certificates.parse(Files.readString(folder.resolve(OlderRelease.LAPTOP_CERTIFICATE)))
                        .getFirst());
        Instant now = Instant.now();
        String token = tokens.sign(new ApiSessionClaims(
                "jti-of-march",
                "api-session-laptop",
                "identity-laptop",
                false,
                List.of(fingerprint),
                List.of(),
                "authenticator-laptop",
                "cert",
                "127.0.0.1",
                "openziti",
                List.of(),
                now,
                now.plus(Duration.ofHours(1))));
        var mine = laptop().get("/edge/client/v1/current-api-session", "zt-session", token);
        assertThat(mine.status()).as(mine.response().body()).isEqualTo(200);
        assertThat(mine.data().path("id").asText()).isEqualTo("api-session-laptop");
    }

    @Test
    void anEnrollmentIsStillGood() throws SQLException {
        var answer = anonymous()
                .post(
                        "/enroll?method=ott&token=token-of-new",
                        Csr.create(Keys.ec256(), "identity-new", List.of()),
                        "Content-Type",
                        "text/plain");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(count(
                        "select count(*) from authenticator where method = 'cert' and identity_id = ?", "identity-new"))
                .isEqualTo(1);
    }
}
