package io.postern.controller.login;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
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
            select a.id as authenticator_id, a.method, coalesce(a.password_hash, ''), i.id as identity_id, i.name,
                   i.is_admin,
                   i.disabled_at is not null and (i.disabled_until is null or i.disabled_until > $2) as disabled,
                   i.sdk_info, i.env_info
            from authenticator a join identity i on i.id = a.identity_id
            """;
    private static final String BY_USERNAME = SELECT + " where a.username = $1 and a.method = 'updb'";
    private static final String OPEN =
            "with found as (" + SELECT + " where a.fingerprint = $1 and a.method = 'cert')," + """
             opened as (
                insert into api_session (id, created_at, updated_at, identity_id, authenticator_id, ip_address,
                                         config_types, cert_fingerprints, last_activity_at, expires_at)
                select $3, $2, $2, identity_id, authenticator_id, $4, $5, array[$1], $2, $6
                from found where not disabled)
            select * from found
            """;

    /**
     * An API Session to be, before it is known whose.
     *
     * @param at in milliseconds, as the wire shows it
     */
    record Opening(String id, String remoteAddress, List<String> configTypes, Instant at, Instant expiresAt) {}

    /**
     * Whose certificate this is, with an API Session opened for it, unless it is nobody's or of a disabled identity: one
     * statement, one commit.
     */
    static Future<Optional<Credential>> open(Pool database, String fingerprint, Opening opening) {
        return database.preparedQuery(OPEN)
                .execute(Tuple.of(
                        fingerprint,
                        opening.at().atOffset(ZoneOffset.UTC),
                        opening.id(),
                        opening.remoteAddress(),
                        opening.configTypes().toArray(String[]::new),
                        opening.expiresAt().atOffset(ZoneOffset.UTC)))
                .map(Credential::first);
    }

    static Future<Optional<Credential>> byUsername(Pool database, String username, Instant now) {
        return database.preparedQuery(BY_USERNAME)
                .execute(Tuple.of(username, now.atOffset(ZoneOffset.UTC)))
                .map(Credential::first);
    }

    private static Optional<Credential> first(RowSet<Row> rows) {
        var all = rows.iterator();
        return all.hasNext() ? Optional.of(read(all.next())) : Optional.empty();
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
