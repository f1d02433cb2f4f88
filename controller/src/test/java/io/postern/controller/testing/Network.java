package io.postern.controller.testing;

import io.postern.controller.enrollment.EnrollmentSigner;
import io.postern.controller.kernel.Ids;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.Keys;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.sql.DataSource;

/** Puts things into the model by SQL and enrolls as stock clients do. */
@Singleton
public class Network {
    private final DataSource database;
    private final EnrollmentSigner signer;
    private final HttpServer server;
    private final Deque<String[]> made = new ConcurrentLinkedDeque<>();

    Network(DataSource database, EnrollmentSigner signer, HttpServer server) {
        this.database = database;
        this.signer = signer;
        this.server = server;
    }

    /** An enrolled identity and its HTTPS client. */
    public record Enrolled(String id, KeyPair keys, String certPem, Http http) {}

    /** Removes what this made; the tests share one database. */
    public void clean() {
        while (!made.isEmpty()) {
            String[] row = made.pop();
            sql("delete from " + row[0] + " where id = ?", row[1]);
        }
    }

    private String made(String table, String id) {
        made.push(new String[] {table, id});
        return id;
    }

    public int port() {
        return server.getSecurePort();
    }

    /** A row that a test inserts by itself. */
    public void remember(String table, String id) {
        made(table, id);
    }

    public void sql(String statement, Object... values) {
        try (var connection = database.getConnection();
                var prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            prepared.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    public long count(String query, Object value) {
        try (var connection = database.getConnection();
                var prepared = connection.prepareStatement(query)) {
            prepared.setObject(1, value);
            var rows = prepared.executeQuery();
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    public String identity(String... roles) {
        String id = made("identity", Ids.next());
        sql(
                "insert into identity (id, created_at, updated_at, name, type_id, role_attributes)"
                        + " values (?, now(), now(), ?, 'Default', string_to_array(?, ','))",
                id,
                "identity-" + id,
                String.join(",", roles));
        return id;
    }

    public String router(String... roles) {
        String id = made("edge_router", Ids.next());
        sql(
                "insert into edge_router (id, created_at, updated_at, name, role_attributes)"
                        + " values (?, now(), now(), ?, string_to_array(?, ','))",
                id,
                "router-" + id,
                String.join(",", roles));
        return id;
    }

    public String service(String... roles) {
        String id = made("service", Ids.next());
        sql(
                "insert into service (id, created_at, updated_at, name, terminator_strategy, encryption_required,"
                        + " role_attributes) values (?, now(), now(), ?, 'smartrouting', true, string_to_array(?, ','))",
                id,
                "service-" + id,
                String.join(",", roles));
        return id;
    }

    public void allow(String type, String identityRole, String serviceRole) {
        String id = made("service_policy", Ids.next());
        sql(
                "insert into service_policy (id, created_at, updated_at, name, type, semantic, service_roles,"
                        + " identity_roles) values (?, now(), now(), ?, ?, 'AnyOf', array[?], array[?])",
                id,
                id,
                type,
                serviceRole,
                identityRole);
    }

    public void allowRouters(String routerRole, String identityRole, String serviceRole) {
        String id = made("edge_router_policy", Ids.next());
        sql(
                "insert into edge_router_policy (id, created_at, updated_at, name, semantic, edge_router_roles,"
                        + " identity_roles) values (?, now(), now(), ?, 'AnyOf', array[?], array[?])",
                id,
                id,
                routerRole,
                identityRole);
        made("service_edge_router_policy", id);
        sql(
                "insert into service_edge_router_policy (id, created_at, updated_at, name, semantic,"
                        + " edge_router_roles, service_roles) values (?, now(), now(), ?, 'AnyOf', array[?], array[?])",
                id,
                id,
                routerRole,
                serviceRole);
    }

    /** @return the enrollment JWT */
    public String enrollment(String method, String subject, Duration life) {
        String token = UUID.randomUUID().toString();
        Instant expires = Instant.now().plus(life);
        String jwt = signer.sign(method, subject, token, expires);
        String owner = method.equals("erott") ? "edge_router_id" : "identity_id";
        sql(
                "insert into enrollment (id, created_at, updated_at, method, token, jwt, expires_at, " + owner
                        + ") values (?, now(), now(), ?, ?, ?, ?, ?)",
                Ids.next(),
                method,
                token,
                jwt,
                expires.atOffset(java.time.ZoneOffset.UTC),
                subject);
        return jwt;
    }

    public Enrolled enrolled(String identityId) {
        var keys = Keys.ec256();
        var token = EnrollmentToken.parse(enrollment("ott", identityId, Duration.ofMinutes(5)));
        var answer = Http.anonymous(port())
                .post(
                        "/enroll?method=ott&token=" + URLEncoder.encode(token.token(), StandardCharsets.UTF_8),
                        Csr.create(keys, identityId, List.of()),
                        "Content-Type",
                        "text/plain");
        if (answer.status() != 200) {
            throw new AssertionError(answer.response().body());
        }
        String pem = answer.data().path("cert").asText();
        return new Enrolled(identityId, keys, pem, Http.of(port(), keys.getPrivate(), Certificates.parse(pem)));
    }
}
