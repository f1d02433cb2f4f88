package io.postern.controller.console;

import io.postern.api.Refusal;
import io.postern.controller.access.ApiSession;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.WireJson;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes in what proxies report, each event once, and forgets it when its time is over. */
@Singleton
public class ReportedEvents {
    private static final Logger LOG = Logger.getLogger(ReportedEvents.class);
    static final int MOST = 500;
    private static final int LONGEST_DETAILS = 8 * 1024;
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");
    private static final String INSERT = """
            insert into console_event (id, created_at, updated_at, at, type, identity_id, identity_name, api_session_id,
                session_id, host, container_id, container, image, action, reason, bytes_in, bytes_out, duration_millis,
                exit_code, details, proxy_id, proxy_name)
            select e.id, $2, $2, e.at, e.type, e.identity_id, e.identity_name, e.api_session_id, e.session_id, e.host,
                e.container_id, e.container, e.image, e.action, e.reason, e.bytes_in, e.bytes_out, e.duration_millis,
                e.exit_code, e.details, $3, $4
            from jsonb_to_recordset($1) as e(id text, at timestamptz, type text, identity_id text, identity_name text,
                api_session_id text, session_id text, host text, container_id text, container text, image text,
                action text, reason text, bytes_in bigint, bytes_out bigint, duration_millis bigint, exit_code integer,
                details jsonb)
            on conflict (id) do nothing
            """;
    private static final String FORGET = "delete from console_event where id in"
            + " (select id from console_event where created_at < $1 order by created_at limit 10000)";

    private final Pool database;
    private final Vertx vertx;
    private final Kernel kernel;
    private final ConsoleConfig config;
    private long timer;

    ReportedEvents(Pool database, Vertx vertx, Kernel kernel, ConsoleConfig config) {
        this.database = database;
        this.vertx = vertx;
        this.kernel = kernel;
        this.config = config;
    }

    /** How many of the reported ones were new. */
    public record Taken(int count) {}

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(
                SWEEP.toMillis(),
                tick -> forget().subscribe()
                        .with(
                                count -> {
                                    if (count > 0) {
                                        LOG.infof("console.events.forgotten count=%d", count);
                                    }
                                },
                                failure -> LOG.warnf("console.events.sweep.failed %s", failure.getMessage())));
    }

    void stop(@Observes Shutdown event) {
        vertx.cancelTimer(timer);
    }

    /** Removes what is older than it is kept, ten thousand at a time. */
    Uni<Integer> forget() {
        Instant before = kernel.now().minus(config.eventsKept());
        return database.preparedQuery(FORGET)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    /** All of them, or none when one is refused. */
    Uni<Taken> take(ApiSession proxy, List<ConsoleEventDraft> events) {
        if (events.size() > MOST) {
            throw Refusal.field("body", "must be at most " + MOST + " events", events.size());
        }
        var rows = new JsonArray();
        for (int i = 0; i < events.size(); i++) {
            rows.add(row(i, events.get(i)));
        }
        return database.preparedQuery(INSERT)
                .execute(
                        Tuple.of(rows, kernel.now().atOffset(ZoneOffset.UTC), proxy.identityId(), proxy.identityName()))
                .map(done -> new Taken(done.rowCount()));
    }

    private static JsonObject row(int place, ConsoleEventDraft event) {
        if (event.at().isBefore(FIRST) || event.at().isAfter(LAST)) {
            throw Refusal.field(
                    "[" + place + "].at",
                    "must be a time of this age",
                    event.at().toString());
        }
        var details = new JsonObject(event.details() == null ? Map.of() : event.details());
        if (details.encode().length() > LONGEST_DETAILS) {
            throw Refusal.field("[" + place + "].details", "must be at most " + LONGEST_DETAILS + " bytes", null);
        }
        return new JsonObject()
                .put("id", event.id())
                .put("at", WireJson.TIME.format(event.at()))
                .put("type", event.type())
                .put("identity_id", text(event.identityId()))
                .put("identity_name", text(event.identityName()))
                .put("api_session_id", text(event.apiSessionId()))
                .put("session_id", text(event.sessionId()))
                .put("host", text(event.host()))
                .put("container_id", text(event.containerId()))
                .put("container", text(event.container()))
                .put("image", text(event.image()))
                .put("action", text(event.action()))
                .put("reason", text(event.reason()))
                .put("bytes_in", event.bytesIn())
                .put("bytes_out", event.bytesOut())
                .put("duration_millis", event.durationMillis())
                .put("exit_code", event.exitCode())
                .put("details", details);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
