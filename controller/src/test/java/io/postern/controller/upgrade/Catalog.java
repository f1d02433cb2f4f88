package io.postern.controller.upgrade;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a running controller relies on in a database: columns, constraints, unique indexes, triggers, functions.
 *
 * @param entries of all tables
 */
record Catalog(Set<Entry> entries) {
    private static final String READ = """
            select c.relname, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || case when a.attnotnull then ' not null' else '' end
                || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''), a.attnotnull and d.adbin is null
            from pg_attribute a join pg_class c on c.oid = a.attrelid
                left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relkind in ('r', 'v') and c.relnamespace = 'public'::regnamespace
                and a.attnum > 0 and not a.attisdropped
            union all
            select c.relname, 'constraint ' || o.conname || ' ' || pg_get_constraintdef(o.oid), true
            from pg_constraint o join pg_class c on c.oid = o.conrelid
            where o.connamespace = 'public'::regnamespace and o.contype <> 'n'
            union all
            select tablename, 'index ' || indexdef, true
            from pg_indexes where schemaname = 'public' and indexdef like 'CREATE UNIQUE%'
                and not exists (select from pg_constraint where conname = indexname)
            union all
            select c.relname, 'trigger ' || g.tgname || ' ' || pg_get_triggerdef(g.oid), true
            from pg_trigger g join pg_class c on c.oid = g.tgrelid where not g.tgisinternal
            union all
            select '', 'function ' || p.proname || ' ' || pg_get_functiondef(p.oid), false
            from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'""";

    /** @param binds whether it limits or changes what may be written to the table */
    record Entry(String table, String text, boolean binds) {
        /** Kind, table and name, as in {@code column service.configs}. */
        String name() {
            String[] words = text.split(" ", 3);
            return words[0] + " " + (table.isEmpty() ? "" : table + ".") + words[1];
        }
    }

    static Catalog of(Connection connection) throws SQLException {
        var entries = new HashSet<Entry>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(READ)) {
            while (rows.next()) {
                if (!Objects.equals(rows.getString(1), "flyway_schema_history")) {
                    entries.add(new Entry(rows.getString(1), rows.getString(2), rows.getBoolean(3)));
                }
            }
        }
        return new Catalog(Set.copyOf(entries));
    }

    /** Names of what a program that knows this one would trip over in the later one. */
    Set<String> brokenBy(Catalog later) {
        var broken = new TreeSet<String>();
        for (Entry each : entries) {
            if (!later.entries.contains(each)) {
                broken.add("lost or changed: " + each.name());
            }
        }
        for (Entry each : later.entries) {
            if (each.binds && !entries.contains(each) && hasTable(each.table)) {
                broken.add("bound by: " + each.name());
            }
        }
        return broken;
    }

    private boolean hasTable(String table) {
        return entries.stream().anyMatch(each -> each.table.equals(table));
    }
}
