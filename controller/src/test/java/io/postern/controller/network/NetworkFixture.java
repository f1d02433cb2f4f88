package io.postern.controller.network;

import io.postern.controller.model.ModelFeed;
import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.Keys;
import io.postern.transport.TlsIdentity;
import jakarta.inject.Singleton;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Writes models the way the management API does: rows and their change, in one transaction. */
@Singleton
public class NetworkFixture {
    private final DataSource database;
    private final ModelFeed feed;
    private final Pki pki;

    NetworkFixture(DataSource database, ModelFeed feed, Pki pki) {
        this.database = database;
        this.feed = feed;
        this.pki = pki;
    }

    /** A router row with the identity that is enrolled for it. */
    public record RouterIdentity(String id, TlsIdentity tls, String fingerprint) {}

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    }

    TlsIdentity issue(String commonName) {
        KeyPair keys = Keys.ec256();
        Csr csr = Csr.parse(Csr.create(keys, commonName, List.of()));
        X509Certificate leaf = pki.signer().client(csr, List.of(), Instant.now(), Duration.ofDays(1));
        List<X509Certificate> chain = pki.signer().withIntermediates(leaf);
        return new TlsIdentity(new TlsIdentity.Material(keys.getPrivate(), chain, chain, pki.trustBundle()));
    }

    RouterIdentity router(boolean tunneler) {
        String id = newId();
        TlsIdentity tls = issue(id);
        String fingerprint = Certificates.sha1(tls.material().clientChain().getFirst());
        write(
                "edgeRouter",
                id,
                "CREATE",
                "insert into edge_router (id, created_at, updated_at, name, is_verified, fingerprint,"
                        + " is_tunneler_enabled) values (?, now(), now(), ?, true, ?, " + tunneler + ")",
                id,
                "router-" + id,
                fingerprint);
        if (tunneler) {
            write("identity", id, "CREATE", IDENTITY, id, "router-" + id, new String[0]);
        }
        return new RouterIdentity(id, tls, fingerprint);
    }

    private static final String IDENTITY = "insert into identity (id, created_at, updated_at, name, type_id,"
            + " role_attributes) values (?, now(), now(), ?, 'Default', ?)";

    String identity(String... attributes) {
        String id = newId();
        write("identity", id, "CREATE", IDENTITY, id, "identity-" + id, attributes);
        return id;
    }

    String service(String strategy, String... attributes) {
        String id = newId();
        write(
                "service",
                id,
                "CREATE",
                "insert into service (id, created_at, updated_at, name, terminator_strategy, encryption_required,"
                        + " role_attributes) values (?, now(), now(), ?, ?, false, ?)",
                id,
                "service-" + id,
                strategy,
                attributes);
        return id;
    }

    String servicePolicy(String type, List<String> identityRoles, List<String> serviceRoles) {
        String id = newId();
        write(
                "servicePolicy",
                id,
                "CREATE",
                "insert into service_policy (id, created_at, updated_at, name, type, semantic, identity_roles,"
                        + " service_roles) values (?, now(), now(), ?, ?, 'AnyOf', ?, ?)",
                id,
                "policy-" + id,
                type,
                identityRoles.toArray(String[]::new),
                serviceRoles.toArray(String[]::new));
        return id;
    }

    /** Everyone may use these routers for these services. */
    void routerPolicies(List<String> identityRoles, List<String> serviceRoles, List<String> routerRoles) {
        String id = newId();
        write(
                "edgeRouterPolicy",
                id,
                "CREATE",
                "insert into edge_router_policy (id, created_at, updated_at, name, semantic, identity_roles,"
                        + " edge_router_roles) values (?, now(), now(), ?, 'AnyOf', ?, ?)",
                id,
                "policy-" + id,
                identityRoles.toArray(String[]::new),
                routerRoles.toArray(String[]::new));
        write(
                "serviceEdgeRouterPolicy",
                id,
                "CREATE",
                "insert into service_edge_router_policy (id, created_at, updated_at, name, semantic, service_roles,"
                        + " edge_router_roles) values (?, now(), now(), ?, 'AnyOf', ?, ?)",
                id,
                "policy-" + id,
                serviceRoles.toArray(String[]::new),
                routerRoles.toArray(String[]::new));
    }

    /** One statement and its change, committed and read by the network. */
    void write(String kind, String id, String action, String sql, Object... values) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            run(connection, sql, values);
            run(connection, "update model_index set last = last + 1");
            run(
                    connection,
                    "insert into model_change (index, seq, kind, entity_id, action, at)"
                            + " select last, 0, ?, ?, ?, now() from model_index",
                    kind,
                    id,
                    action);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        try {
            feed.refresh().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    long count(String sql, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepared(connection, sql, values);
                var rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(
                    i + 1, values[i] instanceof String[] texts ? connection.createArrayOf("text", texts) : values[i]);
        }
        return statement;
    }

    String accessToken(String identityId) {
        return sign("{\"iss\":\"test\",\"aud\":[\"openziti\"],\"sub\":\"" + identityId + "\",\"jti\":\"" + newId()
                + "\",\"z_t\":\"a\",\"z_asid\":\"as-" + identityId + "\"," + life() + "}");
    }

    String serviceToken(String identityId, String serviceId, String type) {
        return sign("{\"iss\":\"test\",\"aud\":[\"openziti\"],\"sub\":\"" + serviceId + "\",\"jti\":\"" + newId()
                + "\",\"z_t\":\"s\",\"z_st\":\"" + type + "\",\"z_iid\":\"" + identityId + "\",\"z_asid\":\"as-"
                + identityId + "\"," + life() + "}");
    }

    private static String life() {
        long now = Instant.now().getEpochSecond();
        return "\"iat\":" + now + ",\"exp\":" + (now + 600);
    }

    private String sign(String claims) {
        KeyEntry key = pki.signingKey();
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(claims);
            signature.setKey(key.key());
            signature.setKeyIdHeaderValue(key.kid());
            signature.setAlgorithmHeaderValue(Keys.jwsAlgorithm(key.key()));
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
