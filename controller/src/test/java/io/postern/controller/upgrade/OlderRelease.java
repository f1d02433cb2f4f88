package io.postern.controller.upgrade;

import io.postern.controller.boot.Database;
import io.postern.controller.pki.OldKeys;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A database as a release left it that knew the migrations up to {@link #LAST} only, with a network in it. */
public final class OlderRelease {
    /** Its last migration: consoles were there, logins by OpenID Connect and several controllers were not. */
    static final String LAST = "6";

    /** Tables of what ends with its controller or within a minute. */
    private static final Set<String> PASSING = Set.of("circuit", "console_ticket");

    static final String PASSWORD = "password-of-march";
    /** As that release wrote it; what is made now may look otherwise. */
    private static final String PASSWORD_HASH =
            "$argon2id$v=19$m=19456,t=2,p=1$W8taciWH+TJkIe7Q6caj9A$Bq77rtIzs+1Ebi8gr4AhH7ZKbguFolzXRxIyWSyHWIo";

    /** Names of files in the data folder: what the laptop keeps, and the rows as they were left, {@code TABLE<TAB>JSON}. */
    static final String LAPTOP_KEY = "laptop.key";

    static final String LAPTOP_CERTIFICATE = "laptop.pem";
    static final String ROWS = "rows.txt";

    private OlderRelease() {}

    /** Leaves the network in an empty database, and its key file, with the files named here, in the folder. */
    public static void leave(Database database, Path folder) throws IOException, SQLException {
        var source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.username());
        source.setPassword(database.password());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .target(LAST)
                .load()
                .migrate();
        X509Certificate laptop = laptop(OldKeys.make(source, folder.resolve("pki.key")), folder);
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(script().replace("{passwordHash}", PASSWORD_HASH)
                    .replace("{fingerprint}", Certificates.sha1(laptop))
                    .replace("{cert}", Certificates.toPem(laptop)));
            Files.write(folder.resolve(ROWS), rows(connection));
        }
    }

    private static X509Certificate laptop(Authority signer, Path folder) throws IOException {
        KeyPair keys = Keys.ec256();
        X509Certificate certificate = signer.issue(
                keys.getPublic(),
                "identity-laptop",
                List.of(new San.Uri("spiffe://postern/identity/identity-laptop")),
                Authority.Usage.CLIENT,
                Instant.now(),
                Authority.LEAF_LIFE);
        Files.writeString(folder.resolve(LAPTOP_KEY), Keys.toPem(keys.getPrivate()));
        Files.writeString(
                folder.resolve(LAPTOP_CERTIFICATE), Certificates.toPem(signer.withIntermediates(certificate)));
        return certificate;
    }

    private static String script() throws IOException {
        try (var script = OlderRelease.class.getResourceAsStream("/upgrade/rows-of-" + LAST + ".sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> rows(Connection connection) throws SQLException {
        var lines = new ArrayList<String>();
        for (String table : tables(connection)) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("select to_jsonb(t) from " + table + " t")) {
                int before = lines.size();
                while (rows.next()) {
                    lines.add(table + "\t" + rows.getString(1));
                }
                if (lines.size() == before && !PASSING.contains(table)) {
                    throw new IllegalStateException("nothing was put into table " + table);
                }
            }
        }
        return lines;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select table_name from information_schema.tables where"
                        + " table_schema = 'public' and table_name <> 'flyway_schema_history' order by 1")) {
            var tables = new ArrayList<String>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            return tables;
        }
    }
}
