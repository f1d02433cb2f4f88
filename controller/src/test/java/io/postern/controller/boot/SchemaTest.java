package io.postern.controller.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.ScratchDatabase;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

@ControllerTest
class SchemaTest {
    @Inject
    Instance<Flyway> made;

    private ScratchDatabase database;
    private Pool pool;

    @BeforeEach
    void make() {
        database = new ScratchDatabase();
        pool = ScratchDatabase.pool(database.source());
    }

    @AfterEach
    void drop() {
        Waiting.on(pool.close(), Duration.ofMinutes(1));
        database.close();
    }

    private Schema start(Flyway flyway) {
        return start(pool, database.source(), flyway, Duration.ZERO);
    }

    private static Schema start(Pool pool, DataSource boot, Flyway flyway, Duration patience) {
        return new Schema(pool, () -> boot, source -> flyway, "postgresql://host:1/name?password=secret", patience);
    }

    private PreventFurtherStepsException refused(Flyway flyway) {
        return refused(database.source(), flyway);
    }

    private PreventFurtherStepsException refused(DataSource boot, Flyway flyway) {
        return refused(boot, flyway, Duration.ZERO);
    }

    /** By a database that neither the pool nor the boot's own connection can use. */
    private PreventFurtherStepsException refused(DataSource boot, Flyway flyway, Duration patience) {
        Pool same = ScratchDatabase.pool(boot);
        try {
            var refusal = catchThrowableOfType(IllegalStateException.class, () -> start(same, boot, flyway, patience));
            return (PreventFurtherStepsException) refusal.getCause();
        } finally {
            Waiting.on(same.close(), Duration.ofMinutes(1));
        }
    }

    private Flyway ours() {
        return Migrations.flyway(database.source());
    }

    private boolean isKnown() {
        return Waiting.on(Migrations.areApplied(pool), Duration.ofMinutes(1));
    }

    private String known() {
        return Arrays.stream(ours().info().all())
                .reduce((before, after) -> after)
                .orElseThrow()
                .getVersion()
                .toString();
    }

    private String applied() {
        return Arrays.toString(Arrays.stream(ours().info().applied())
                .map(each -> each.getVersion() + " " + each.getChecksum())
                .toArray());
    }

    @Test
    void anEmptyDatabaseGetsEverythingOnce() {
        start(ours());
        assertThat(ours().info().current().getVersion()).hasToString(known());
        String all = applied();
        start(ours());
        assertThat(applied()).isEqualTo(all);
    }

    /** No Flyway is made for it, and nobody logs in once more. */
    @Test
    void aDatabaseThatIsAsKnownIsSeenAtAGlance() {
        assertThat(isKnown()).isFalse();
        start(ours());
        assertThat(isKnown()).isTrue();
        Supplier<DataSource> none = () -> {
            throw new AssertionError("the boot's own connection is asked for");
        };
        new Schema(pool, none, source -> ours(), "any", Duration.ZERO);
    }

    /** One that the framework makes is made at every start, and costs it a tenth. */
    @Test
    void nobodyElseMakesAFlyway() {
        assertThat(made.isResolvable()).isFalse();
    }

    /** One that is not named would never be applied. */
    @Test
    void everyScriptIsNamed() throws Exception {
        URI folder = Migrations.class.getResource("/db/migration").toURI();
        try (var scripts = Files.list(Path.of(folder))) {
            assertThat(scripts.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Migrations.SCRIPTS);
        }
    }

    /** Each in a transaction that is taken back. */
    @Test
    void anyOtherIsLeftToFlyway() {
        start(ours());
        for (String change : List.of(
                "update flyway_schema_history set checksum = 1 where version = '3'",
                "update flyway_schema_history set script = 'V3__other.sql' where version = '3'",
                "update flyway_schema_history set success = false where version = '3'",
                "update flyway_schema_history set type = 'BASELINE' where version = '1'",
                "delete from flyway_schema_history where version = '3'",
                "insert into flyway_schema_history select 9000, version, description, type, script, checksum, installed_by,"
                        + " installed_on, 1, true from flyway_schema_history where version = '3'",
                "insert into flyway_schema_history select 9000, '9999', 'later', type, 'V9999__later.sql', 1,"
                        + " installed_by, installed_on, 1, true from flyway_schema_history limit 1",
                "drop table flyway_schema_history")) {
            assertThat(isKnownAfter(change)).as(change).isFalse();
        }
        assertThat(isKnown()).isTrue();
    }

    private boolean isKnownAfter(String change) {
        return Waiting.on(
                pool.withConnection(connection -> connection
                        .begin()
                        .compose(transaction -> connection
                                .query(change)
                                .execute()
                                .compose(done -> Migrations.areApplied(connection))
                                .eventually(() -> transaction.rollback()))),
                Duration.ofMinutes(1));
    }

    @Test
    void anOlderServerIsRefused() {
        Schema.refuseOlder(14, "any");
        assertThat(catchThrowableOfType(
                                IllegalStateException.class, () -> Schema.refuseOlder(13, "postgresql://host/name"))
                        .getCause())
                .hasMessageContaining("postgresql://host/name is of PostgreSQL 13: it takes 14 or newer");
    }

    /** Both numbers, what to do, and a code of its own. */
    @Test
    void aNewerDatabaseIsLeftAlone() {
        String known = known();
        start(ours());
        database.execute("insert into flyway_schema_history select 9000, '9999', 'later', type, 'V9999__later.sql', 1,"
                + " installed_by, installed_on, 1, true from flyway_schema_history limit 1");
        String before = applied();
        var refusal = refused(ours());
        assertThat(refusal)
                .hasMessageContaining("has schema 9999")
                .hasMessageContaining("knows schema " + known + " and none")
                .hasMessageContaining("Start the newer release")
                .hasMessageNotContaining("\n")
                .hasNoCause();
        assertThat(refusal.getExitCode()).isEqualTo(6);
        assertThat(applied()).isEqualTo(before);
    }

    @Test
    void aDatabaseOfAnotherBuildIsLeftAlone() {
        start(ours());
        database.execute("update flyway_schema_history set checksum = 1 where version = '3'");
        var refusal = refused(ours());
        assertThat(refusal)
                .hasMessageContaining("migration 3 is not the one that this program has")
                .hasNoCause();
        assertThat(refusal.getExitCode()).isEqualTo(6);
    }

    @Test
    void aDatabaseThatCannotBeUsedIsNamed() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/none");
        nowhere.setUser("postern");
        nowhere.setPassword("any");
        var refusal = refused(nowhere, Flyway.configure().dataSource(nowhere).load());
        assertThat(refusal)
                .hasMessageContaining("postgresql://host:1/name cannot be used")
                .hasMessageContaining("refused")
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThat(refusal.getExitCode()).isEqualTo(4);
    }

    /** One that nobody answers for at first, as when both start together. */
    private static final class Late extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;

        private int refusals = 3;

        @Override
        public Connection getConnection() throws SQLException {
            if (refusals-- > 0) {
                throw new SQLException("Connection refused", "08001");
            }
            return super.getConnection();
        }
    }

    private PGSimpleDataSource like(PGSimpleDataSource other) {
        PGSimpleDataSource given = (PGSimpleDataSource) database.source();
        other.setUrl(given.getUrl());
        other.setUser(given.getUser());
        other.setPassword(given.getPassword());
        return other;
    }

    @Test
    void aDatabaseThatComesLateIsWaitedFor() {
        var late = (Late) like(new Late());
        start(pool, late, ours(), Duration.ofMinutes(5));
        assertThat(late.refusals).isNegative();
        assertThat(ours().info().current().getVersion()).hasToString(known());
    }

    @Test
    @Timeout(60)
    void aDatabaseThatSaysNoIsNotWaitedFor() {
        PGSimpleDataSource stranger = like(new PGSimpleDataSource());
        stranger.setUser("nobody");
        stranger.setPassword("wrong");
        assertThat(refused(stranger, ours(), Duration.ofHours(1))).hasMessageContaining("name cannot be used");
    }

    private PGSimpleDataSource powerless() {
        PGSimpleDataSource powerless = like(new PGSimpleDataSource());
        powerless.setUser("powerless");
        powerless.setPassword("powerless");
        return powerless;
    }

    @Test
    void aUserWithoutRightsIsToldSo() {
        Map<String, String> refusals = new LinkedHashMap<>();
        refusals.put(
                "revoke create on schema public from public",
                "permission denied: powerless may not create tables in schema public");
        refusals.put("drop schema public", "powerless finds no schema to create tables in");
        database.execute("create role powerless login password 'powerless'");
        try {
            refusals.forEach((change, words) -> {
                database.execute(change);
                var refusal = refused(powerless(), Migrations.flyway(powerless()));
                assertThat(refusal).hasMessageContaining(words).hasNoCause();
                assertThat(refusal.getExitCode()).isEqualTo(4);
            });
        } finally {
            database.execute("drop role powerless");
        }
    }

    /** Whether its migrations may be applied is for them to tell. */
    @Test
    void aUserWhoFindsAHistoryIsNotRefused() {
        start(ours());
        database.execute("update flyway_schema_history set checksum = 1 where version = '3'");
        database.execute("create role powerless login password 'powerless'");
        try {
            database.execute("revoke create on schema public from public");
            database.execute("grant select on flyway_schema_history to powerless");
            assertThat(refused(powerless(), Migrations.flyway(powerless())))
                    .hasMessageContaining("migrated by another build");
        } finally {
            database.execute("drop owned by powerless");
            database.execute("drop role powerless");
        }
    }
}
