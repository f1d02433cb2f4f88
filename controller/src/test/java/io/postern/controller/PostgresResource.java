package io.postern.controller;

import io.postern.controller.boot.Database;
import io.postern.controller.boot.EmbeddedPostgres;
import io.postern.controller.upgrade.OldDatabaseTest;
import io.postern.controller.upgrade.OlderRelease;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL for the tests of this module: one server per test run in {@code target/postgres}, kept between runs, with a
 * fresh database each time.
 */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {
    /** Where a test puts the keys of the workload tokens' issuer. */
    public static final Path WORKLOAD_KEYS = Path.of("target", "workload-keys.json");

    private final EmbeddedPostgres postgres = new EmbeddedPostgres(
            Path.of("target", "postgres"), List.of("fsync=off", "synchronous_commit=off", "max_connections=50"));

    private boolean leftByAnOlderRelease;

    @Override
    public void setContext(Context context) {
        leftByAnOlderRelease = OldDatabaseTest.OldDatabase.class.getName().equals(context.testProfile());
    }

    @Override
    public Map<String, String> start() {
        try {
            Database database = postgres.start();
            String fresh = refresh(database);
            Path data = Files.createTempDirectory(Path.of("target"), "data-");
            if (leftByAnOlderRelease) {
                OlderRelease.leave(new Database(fresh, database.username(), database.password()), data);
            }
            return Map.of(
                    "postern.db.url",
                    fresh,
                    "postern.db.username",
                    database.username(),
                    "postern.db.password",
                    database.password(),
                    "postern.data-folder",
                    data.toString(),
                    "postern.admin.password",
                    "admin-password",
                    "postern.workload.issuer",
                    "https://cluster.test",
                    "postern.workload.keys",
                    WORKLOAD_KEYS.toString(),
                    "postern.workload.routers",
                    "postern/postern-router",
                    "postern.workload.router-roles",
                    "cluster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String refresh(Database database) throws SQLException {
        String name = "test";
        try (var connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        }
        return database.url().substring(0, database.url().lastIndexOf('/') + 1) + name;
    }

    @Override
    public void stop() {
        postgres.close();
    }
}
