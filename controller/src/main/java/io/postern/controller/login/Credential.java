package io.postern.controller.login;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * An authenticator with the identity that it stands for.
 *
 * @param passwordHash empty for a certificate
 */
record Credential(
        String authenticatorId,
        String method,
        String passwordHash,
        String identityId,
        String name,
        boolean isAdmin,
        boolean isDisabled,
        JsonObject sdkInfo,
        JsonObject envInfo) {
    private static final String SELECT = """
            select a.id, a.method, coalesce(a.password_hash, ''), i.id, i.name, i.is_admin,
                   i.disabled_at is not null and (i.disabled_until is null or i.disabled_until > $2),
                   i.sdk_info, i.env_info
            from authenticator a join identity i on i.id = a.identity_id
            """;
    private static final String BY_FINGERPRINT = SELECT + " where a.fingerprint = $1 and a.method = 'cert'";
    private static final String BY_USERNAME = SELECT + " where a.username = $1 and a.method = 'updb'";

    static Uni<Optional<Credential>> byFingerprint(Pool database, String fingerprint, Instant now) {
        return find(database, BY_FINGERPRINT, fingerprint, now);
    }

    static Uni<Optional<Credential>> byUsername(Pool database, String username, Instant now) {
        return find(database, BY_USERNAME, username, now);
    }

    private static Uni<Optional<Credential>> find(Pool database, String sql, String key, Instant now) {
        return database.preparedQuery(sql)
                .execute(Tuple.of(key, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    var all = rows.iterator();
                    return all.hasNext() ? Optional.of(read(all.next())) : Optional.empty();
                });
    }

    private static Credential read(Row row) {
        return new Credential(
                row.getString(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getJsonObject(7),
                row.getJsonObject(8));
    }

    /** Never shows the hash. */
    @Override
    public String toString() {
        return "authenticator " + authenticatorId;
    }
}
