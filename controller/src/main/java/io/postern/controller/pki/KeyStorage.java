package io.postern.controller.pki;

import io.postern.controller.pki.KeyEntry.Role;
import io.postern.pki.Certificates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javax.sql.DataSource;

/** Keys in the database. Blocking; used at start and by the daily renewal only. */
final class KeyStorage {
    /** Any number: replicas that start together take turns by it. */
    private static final long LOCK = 0x706b_6931L;

    private final DataSource database;
    private final KeyVault vault;

    KeyStorage(DataSource database, KeyVault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** Loads all keys, adds what {@code missing} says, all under a lock that replicas share; returns all. */
    List<KeyEntry> complete(Function<List<KeyEntry>, List<KeyEntry>> missing) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                try (var lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
                    lock.setLong(1, LOCK);
                    lock.execute();
                }
                var all = new ArrayList<>(load(connection));
                for (KeyEntry entry : missing.apply(all)) {
                    insert(connection, entry);
                    all.add(entry);
                }
                connection.commit();
                return List.copyOf(all);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private List<KeyEntry> load(Connection connection) throws SQLException {
        var found = new ArrayList<KeyEntry>();
        try (var query = connection.prepareStatement(
                        "select kid, role, chain_pem, sealed_key, created_at from pki_key where expires_at > now()");
                var rows = query.executeQuery()) {
            while (rows.next()) {
                found.add(new KeyEntry(
                        Role.valueOf(rows.getString(2).toUpperCase(Locale.ROOT)),
                        vault.unseal(rows.getString(1), rows.getBytes(4)),
                        Certificates.parse(rows.getString(3)),
                        rows.getTimestamp(5).toInstant()));
            }
        }
        return found;
    }

    private void insert(Connection connection, KeyEntry entry) throws SQLException {
        try (var statement = connection.prepareStatement(
                "insert into pki_key (kid, role, chain_pem, sealed_key, created_at, expires_at) values (?,?,?,?,?,?)")) {
            statement.setString(1, entry.kid());
            statement.setString(2, entry.role().name().toLowerCase(Locale.ROOT));
            statement.setString(3, Certificates.toPem(entry.chain()));
            statement.setBytes(4, vault.seal(entry.kid(), entry.key()));
            statement.setTimestamp(5, timestamp(entry.createdAt()));
            statement.setTimestamp(6, timestamp(entry.expiresAt()));
            statement.executeUpdate();
        }
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.from(instant);
    }
}
