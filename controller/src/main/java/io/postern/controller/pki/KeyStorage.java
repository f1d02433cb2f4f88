package io.postern.controller.pki;

import io.postern.controller.boot.Waiting;
import io.postern.controller.pki.KeyEntry.Role;
import io.postern.pki.Certificates;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Keys in the database. Blocking; used at start and by the renewal only. */
final class KeyStorage {
    /** Any number: replicas that start together take turns by it. */
    private static final long LOCK = 0x706b_6931L;

    /** Another replica may be making keys. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Pool database;
    private final KeyVault vault;
    private final Duration limit;

    /** What is left of the turn before: a database that answers nothing must not get one more connection of the pool at each. */
    private Future<?> before = Future.succeededFuture();

    KeyStorage(Pool database, KeyVault vault) {
        this(database, vault, LIMIT);
    }

    KeyStorage(Pool database, KeyVault vault, Duration limit) {
        this.database = database;
        this.vault = vault;
        this.limit = limit;
    }

    /** Loads all keys, adds what {@code missing} says, all under a lock that replicas share; returns all. */
    synchronized List<KeyEntry> complete(Function<List<KeyEntry>, List<KeyEntry>> missing) {
        SqlConnection connection = connection();
        try {
            Transaction turn = on(connection.begin());
            try {
                on(connection.preparedQuery("select pg_advisory_xact_lock($1)").execute(Tuple.of(LOCK)));
                var all = new ArrayList<>(load(connection));
                for (KeyEntry entry : missing.apply(all)) {
                    insert(connection, entry);
                    all.add(entry);
                }
                on(turn.commit());
                return List.copyOf(all);
            } catch (RuntimeException e) {
                turn.rollback();
                throw e;
            }
        } finally {
            before = connection.close();
        }
    }

    private SqlConnection connection() {
        if (!before.isComplete()) {
            throw new IllegalStateException("the database has not answered what it was asked for keys before");
        }
        Future<SqlConnection> asked = database.getConnection();
        try {
            return on(asked);
        } catch (RuntimeException e) {
            before = asked.compose(SqlConnection::close);
            throw e;
        }
    }

    private <T> T on(Future<T> future) {
        return Waiting.on(future, limit);
    }

    private List<KeyEntry> load(SqlConnection connection) {
        RowSet<Row> rows = on(connection
                .query("select kid, role, chain_pem, sealed_key, created_at from pki_key where expires_at > now()")
                .execute());
        var found = new ArrayList<KeyEntry>();
        for (Row row : rows) {
            found.add(new KeyEntry(
                    Role.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                    vault.unseal(row.getString(0), row.getBuffer(3).getBytes()),
                    Certificates.parse(row.getString(2)),
                    row.getOffsetDateTime(4).toInstant()));
        }
        return found;
    }

    private void insert(SqlConnection connection, KeyEntry entry) {
        on(connection
                .preparedQuery("insert into pki_key (kid, role, chain_pem, sealed_key, created_at, expires_at)"
                        + " values ($1, $2, $3, $4, $5, $6)")
                .execute(Tuple.of(
                        entry.kid(),
                        entry.role().name().toLowerCase(Locale.ROOT),
                        Certificates.toPem(entry.chain()),
                        Buffer.buffer(vault.seal(entry.kid(), entry.key())),
                        time(entry.createdAt()),
                        time(entry.expiresAt()))));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
