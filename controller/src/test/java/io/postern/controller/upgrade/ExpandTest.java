package io.postern.controller.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.ScratchDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Controllers of one release go on beside those of the next, on its schema. So a migration expands: it adds what programs
 * that do not know it never notice. What nobody uses any more is taken away by a release after that.
 */
@ControllerTest
class ExpandTest {
    /** What a migration did besides, and why controllers of the release before do not mind. */
    private static final Map<String, Set<String>> EXCEPTIONS = Map.of(
            // notifies a channel that they do not listen to
            "20", Set.of("bound by: trigger circuit.circuits_told"));

    private static ScratchDatabase newest;

    @BeforeAll
    static void migrate() {
        newest = new ScratchDatabase();
        newest.flyway().load().migrate();
    }

    @AfterAll
    static void drop() {
        newest.close();
    }

    @Test
    void everyMigrationLeavesWhatTheReleaseBeforeUses() throws SQLException {
        var found = new TreeMap<String, Set<String>>();
        try (var database = new ScratchDatabase()) {
            Catalog before = null;
            for (String version : sinceTheOldest()) {
                database.flyway().target(version).load().migrate();
                try (var connection = database.source().getConnection()) {
                    Catalog now = Catalog.of(connection);
                    if (before != null) {
                        found.put(version, before.brokenBy(now));
                    }
                    before = now;
                }
            }
        }
        found.values().removeIf(Set::isEmpty);
        assertThat(found)
                .as("expand now and contract a release later, or name it here with its reason")
                .isEqualTo(EXCEPTIONS);
    }

    private static List<String> sinceTheOldest() {
        List<String> all = new ArrayList<>();
        Migrations.pinned().forEach(each -> all.add(each.version()));
        return all.subList(all.indexOf(OlderRelease.LAST), all.size());
    }

    private static Set<String> brokenBy(String change) throws SQLException {
        try (var connection = newest.source().getConnection();
                var statement = connection.createStatement()) {
            Catalog before = Catalog.of(connection);
            connection.setAutoCommit(false);
            statement.execute(change);
            try {
                return before.brokenBy(Catalog.of(connection));
            } finally {
                connection.rollback();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table service drop column configs",
                "alter table service rename column configs to config_ids",
                "alter table service rename to services",
                "alter table service alter column max_idle_time_millis type integer",
                "alter table service alter column max_idle_time_millis drop default",
                "alter table service alter column max_idle_time_millis drop not null",
                "alter table identity alter column external_id set not null",
                "alter table service add column owner text not null",
                "alter table service add constraint \"no x\" check (name <> 'x')",
                "alter table authenticator drop constraint \"authenticator.method must be known\","
                        + " add constraint \"authenticator.method must be known\" check (method in ('cert'))",
                "alter table service drop constraint \"service.name must be unique\"",
                "create unique index on service (terminator_strategy)",
                "drop trigger circuits_told on circuit",
                "create trigger t before insert on service for each row execute function tell_circuits()",
                "create or replace function tell_circuits() returns trigger language plpgsql as"
                        + " $$ begin return null; end $$",
                "drop table console_ticket",
            })
    void whatTakesOrBindsIsFound(String change) throws SQLException {
        assertThat(brokenBy(change)).isNotEmpty();
    }

    @Test
    void whatAddsIsNot() throws SQLException {
        assertThat(brokenBy("""
                        create table extra (id text primary key, n integer not null check (n > 0), unique (n));
                        create trigger t before insert on extra for each row execute function tell_circuits();
                        alter table service add column owner text, add column rank integer not null default 0;
                        create index on service (terminator_strategy);
                        create function f() returns integer language sql as 'select 1';
                        insert into model_change (index, seq, kind, entity_id, action, at)
                            values (1, 1, 'service', 'x', 'UPDATE', now())""")).isEmpty();
    }
}
