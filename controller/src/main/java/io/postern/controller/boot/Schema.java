package io.postern.controller.boot;

import io.postern.wire.Release;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The database's tables, migrated to what this program knows before anything reads them. A database that knows more is left
 * as it is: the programs of a newer release use it already. A look over the pool tells that nothing is to be done; where it does not,
 * the boot's own connection does what is to be done, or finds the words for why it cannot be. Created at start, on a thread that may
 * block.
 */
@Singleton
public class Schema {
    private static final Logger LOG = Logger.getLogger(Schema.class);
    private static final Set<String> OPERATORS_STATES = Set.of("08", "28", "3D", "53", "57");
    private static final String NO_RIGHT = "42501";
    private static final String STARTS_UP = "57P03";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration GLANCE = Duration.ofSeconds(10);
    /** The oldest PostgreSQL that is tried. */
    private static final int OLDEST = 14;

    private final Pool pool;

    @Inject
    Schema(Pool pool, Instance<DataSource> boot, PosternConfig config) {
        this(
                pool,
                boot::get,
                Migrations::flyway,
                config.db().url().orElse("embedded"),
                config.db().patience());
    }

    /**
     * @param boot asked only where the pool does not tell that all is as known
     * @param flyway made only there, too
     * @param name of the database, for whoever reads a refusal
     * @param patience for a database that does not answer yet
     */
    Schema(Pool pool, Supplier<DataSource> boot, Function<DataSource, Flyway> flyway, String name, Duration patience) {
        this.pool = pool;
        long begin = System.nanoTime();
        if (isAsKnown(pool)) {
            return;
        }
        String shown = name.replaceFirst("\\?.*", "");
        DataSource database = boot.get();
        try {
            refuseWhatCannotWork(database, shown, begin + patience.toNanos());
            migrate(flyway.apply(database));
        } catch (FlywayException e) {
            SQLException cause = sqlCause(e);
            if (cause == null || !isOperators(cause)) {
                throw e; // a script of ours failed, and was taken back
            }
            throw unusable(shown, cause);
        } catch (SQLException e) {
            throw unusable(shown, e);
        }
    }

    /** At a start after the first there is nothing to lock, to read again or to write. */
    private static boolean isAsKnown(Pool pool) {
        try {
            return Waiting.on(
                    pool.withConnection(
                            connection -> connection.databaseMetadata().majorVersion() < OLDEST
                                    ? Future.succeededFuture(false)
                                    : Migrations.areApplied(connection)),
                    GLANCE);
        } catch (RuntimeException e) {
            LOG.debugf(e, "database.glance"); // the boot's own connection tells why not
            return false;
        }
    }

    /** With the tables that this program knows. */
    public Pool pool() {
        return pool;
    }

    private static RuntimeException unusable(String shown, SQLException cause) {
        return StartRefusal.DATABASE.because("the database " + shown + " cannot be used: " + firstLine(cause));
    }

    private static void refuseWhatCannotWork(DataSource database, String shown, long until) throws SQLException {
        try (Connection connection = patiently(database, shown, until)) {
            refuseOlder(connection.getMetaData().getDatabaseMajorVersion(), shown);
            refusePowerless(connection);
        }
    }

    /** A database that comes up beside the controller is waited for; one that answers no is not. */
    private static Connection patiently(DataSource database, String shown, long until) throws SQLException {
        for (boolean told = false; ; told = true) {
            try {
                return database.getConnection();
            } catch (SQLException e) {
                if (!mayStillCome(e) || System.nanoTime() - until >= 0) {
                    throw e;
                }
                if (!told) {
                    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                    LOG.warnf("database.wait url=%s leftMillis=%d cause=%s", shown, left, firstLine(e));
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException cause) throws SQLException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }

    static void refuseOlder(int version, String shown) {
        if (version < OLDEST) {
            throw StartRefusal.DATABASE.because(
                    "the database " + shown + " is of PostgreSQL " + version + ": it takes " + OLDEST + " or newer");
        }
    }

    /** Flyway asks ten times, a second apart, for a table that it may not create; where there is no schema, it makes one of a wrong name. */
    private static void refusePowerless(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(Migrations.MAY_BEGIN)) {
            found.next();
            if (!found.getBoolean(1)) {
                throw new SQLException(powerless(found.getString(2), found.getString(3)), NO_RIGHT);
            }
        }
    }

    private static String powerless(String user, @Nullable String schema) {
        return schema == null
                ? user + " finds no schema to create tables in: create one, or set its search_path"
                : "permission denied: " + user + " may not create tables in schema " + schema;
    }

    private static void migrate(Flyway flyway) {
        refuseNewer(flyway.info());
        try {
            flyway.migrate();
        } catch (FlywayValidateException e) {
            refuseNewer(flyway.info()); // one that started beside this one may have migrated since
            throw StartRefusal.SCHEMA.because("this database was migrated by another build: " + differences(flyway)
                    + ". Nothing was changed. Start the release that migrated it, or a newer one.");
        }
    }

    private static void refuseNewer(MigrationInfoService info) {
        Optional<MigrationVersion> known = newest(info, each -> each.getState().isResolved());
        Optional<MigrationVersion> there = newest(info, each -> each.getState().isApplied());
        if (there.isPresent() && known.isPresent() && there.get().isNewerThan(known.get())) {
            throw StartRefusal.SCHEMA.because("this database has schema " + there.get()
                    + ", of a newer release; this program (" + Release.NUMBER + ") knows schema " + known.get()
                    + " and none after it. Nothing was changed. Start the newer release here,"
                    + " or restore the backup from before the upgrade.");
        }
    }

    private static Optional<MigrationVersion> newest(MigrationInfoService info, Predicate<MigrationInfo> which) {
        return Arrays.stream(info.all())
                .filter(which)
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }

    private static String differences(Flyway flyway) {
        return flyway.validateWithResult().invalidMigrations.stream()
                .map(each -> "migration " + each.version + " is not the one that this program has")
                .collect(Collectors.joining(", "));
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        SQLException found = null;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql) {
                found = sql;
            }
        }
        return found;
    }

    /** No connection, no login, no such database, no room, shutting down, no right; or the pool gave no connection in time. */
    private static boolean isOperators(SQLException cause) {
        String state = cause.getSQLState();
        return state == null
                || OPERATORS_STATES.contains(state.substring(0, Math.min(2, state.length())))
                || state.equals(NO_RIGHT);
    }

    /** Nobody answers, or a server that starts; without a state, the pool gave no connection in time. */
    private static boolean mayStillCome(SQLException cause) {
        String state = cause.getSQLState();
        return state == null || state.startsWith("08") || state.equals(STARTS_UP);
    }

    private static String firstLine(SQLException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
