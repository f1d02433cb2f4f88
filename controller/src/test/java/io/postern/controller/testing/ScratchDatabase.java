package io.postern.controller.testing;

import io.postern.controller.kernel.Ids;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/** An empty database of a test's own, on the server of the tests; dropped at the end. */
public final class ScratchDatabase implements AutoCloseable {
    private final DataSource server = source(setting("url"));
    private final String name = "scratch_" + Ids.next().toLowerCase(Locale.ROOT);

    public ScratchDatabase() {
        execute(server, "create database " + quoted());
    }

    private String quoted() {
        return "\"" + name + "\"";
    }

    public DataSource source() {
        String url = setting("url");
        return source(url.substring(0, url.lastIndexOf('/') + 1) + name);
    }

    /** Logs in as anybody, or nobody; whoever asks for it closes it. */
    public static Pool pool(DataSource source) {
        var given = (PGSimpleDataSource) source;
        return PgBuilder.pool()
                .connectingTo(new PgConnectOptions()
                        .setHost(given.getServerNames()[0])
                        .setPort(given.getPortNumbers()[0])
                        .setDatabase(given.getDatabaseName())
                        .setUser(given.getUser())
                        .setPassword(given.getPassword()))
                .build();
    }

    /** With the migrations of this build. */
    public FluentConfiguration flyway() {
        return Flyway.configure().dataSource(source()).locations("classpath:db/migration");
    }

    public void execute(String sql) {
        execute(source(), sql);
    }

    @Override
    public void close() {
        execute(server, "drop database " + quoted() + " with (force)");
    }

    private static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static DataSource source(String url) {
        var source = new PGSimpleDataSource();
        source.setUrl("jdbc:" + url);
        source.setUser(setting("username"));
        source.setPassword(setting("password"));
        return source;
    }

    private static String setting(String key) {
        return ConfigProvider.getConfig().getValue("postern.db." + key, String.class);
    }
}
