package io.postern.controller.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resource.classpath.ClassPathResource;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of this program, and Flyway, which applies them. A start after the first needs no Flyway: two statements tell that
 * a database has these scripts and no other, over a connection that the start has anyway, where Flyway sends some thirty and
 * logs in twice. Where it is in doubt, Flyway says what is so.
 */
final class Migrations {
    /** In {@code db/migration}; whoever adds one adds its name. */
    static final List<String> SCRIPTS = List.of(
            "V1__model.sql",
            "V1_1__config_types.sql",
            "V2__pki.sql",
            "V3__network.sql",
            "V4__client.sql",
            "V5__auth_policy.sql",
            "V6__consoles.sql",
            "V8__oidc.sql",
            "V20__replicas.sql");

    private static final String FOLDER = "db/migration/";
    private static final String TABLE = "flyway_schema_history";

    /** Where Flyway keeps its history, in the schema that it takes. */
    private static final String IS_THERE = "to_regclass(quote_ident(current_schema()) || '." + TABLE + "') is not null";

    private static final String THERE = "select " + IS_THERE;

    /** Whether there is a history or this user may make one; who that is; the schema, null where there is none for this user. */
    static final String MAY_BEGIN = "select " + IS_THERE
            + " or coalesce(has_schema_privilege(current_schema(), 'CREATE'), false), current_user, current_schema()";

    private static final String HISTORY = "select script, checksum, success and type = 'SQL' from " + TABLE;

    /** @param sum as Flyway counts it: the CRC-32 of a script's lines in UTF-8, without their ends */
    private record Script(String name, int sum) {}

    private Migrations() {}

    static Flyway flyway(DataSource database) {
        return Flyway.configure()
                .dataSource(database)
                .table(TABLE)
                .resourceProvider(new Resources())
                .javaMigrationClassProvider(List::of)
                .load();
    }

    /** Finds what an executable has, which cannot search a folder of its class path. */
    private static final class Resources implements ResourceProvider {
        @Override
        public @Nullable LoadableResource getResource(String name) {
            return SCRIPTS.contains(name) ? resource(name) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String... suffixes) {
            return SCRIPTS.stream()
                    .filter(name -> name.startsWith(prefix) && List.of(suffixes).contains(".sql"))
                    .map(Migrations::resource)
                    .toList();
        }
    }

    private static LoadableResource resource(String script) {
        return new ClassPathResource(null, FOLDER + script, Migrations.class.getClassLoader(), UTF_8);
    }

    /** Whether the history is these scripts, as they are here, each applied, and nothing else. */
    static Future<Boolean> areApplied(SqlClient database) {
        Future<Optional<Set<Script>>> applied = applied(database);
        Set<Script> known = SCRIPTS.stream().map(Migrations::known).collect(Collectors.toSet());
        return applied.map(there -> there.filter(known::equals).isPresent());
    }

    /** Empty when there is no history, or one with anything but scripts that went well. */
    private static Future<Optional<Set<Script>>> applied(SqlClient database) {
        return database.query(THERE)
                .execute()
                .compose(there -> there.iterator().next().getBoolean(0)
                        ? database.query(HISTORY).execute().map(Migrations::scripts)
                        : Future.succeededFuture(Optional.empty()));
    }

    private static Optional<Set<Script>> scripts(RowSet<Row> history) {
        Set<Script> applied = new HashSet<>();
        for (Row row : history) {
            String path = row.getString(0);
            Integer sum = row.getInteger(1);
            if (sum == null
                    || !row.getBoolean(2)
                    || !applied.add(new Script(path.substring(path.lastIndexOf('/') + 1), sum))) {
                return Optional.empty();
            }
        }
        return Optional.of(applied);
    }

    private static Script known(String name) {
        var sum = new CRC32();
        try (var lines = new BufferedReader(resource(name).read())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                sum.update(line.getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the migration " + name + " cannot be read", e);
        }
        return new Script(name, (int) sum.getValue());
    }
}
