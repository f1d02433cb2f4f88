package io.postern.controller.console;

import io.postern.controller.kernel.Field;
import io.postern.controller.kernel.Kind;
import io.postern.controller.kernel.NoDraft;
import io.postern.controller.kernel.Stored;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "console_event")
class ConsoleEventRow extends Stored {
    static final Kind<ConsoleEventRow, NoDraft> KIND = new Kind<>(
            "consoleEvent",
            "console-events",
            "console_event",
            ConsoleEventRow.class,
            NoDraft.class,
            ConsoleEventRow::new,
            (row, draft) -> {},
            row -> new NoDraft(),
            Map.ofEntries(
                    Map.entry("at", Field.time("at")),
                    Map.entry("type", Field.text("type")),
                    Map.entry("identity", Field.text("identity_id")),
                    Map.entry("identityId", Field.text("identity_id")),
                    Map.entry("identityName", Field.text("identity_name")),
                    Map.entry("apiSessionId", Field.text("api_session_id")),
                    Map.entry("sessionId", Field.text("session_id")),
                    Map.entry("host", Field.text("host")),
                    Map.entry("containerId", Field.text("container_id")),
                    Map.entry("container", Field.text("container")),
                    Map.entry("image", Field.text("image")),
                    Map.entry("action", Field.text("action")),
                    Map.entry("reason", Field.text("reason")),
                    Map.entry("bytesIn", Field.number("bytes_in")),
                    Map.entry("bytesOut", Field.number("bytes_out")),
                    Map.entry("durationMillis", Field.number("duration_millis")),
                    Map.entry("exitCode", Field.number("exit_code")),
                    Map.entry("details", new Field("e.details", Field.Type.JSON)),
                    Map.entry("proxyId", Field.text("proxy_id")),
                    Map.entry("proxyName", Field.text("proxy_name"))),
            Set.of(),
            List.of());

    Instant at = Instant.EPOCH;
    String type = "";
    String identityId = "";
    String identityName = "";
    String apiSessionId = "";
    String sessionId = "";
    String host = "";
    String containerId = "";
    String container = "";
    String image = "";
    String action = "";
    String reason = "";

    @Nullable
    Long bytesIn;

    @Nullable
    Long bytesOut;

    @Nullable
    Long durationMillis;

    @Nullable
    Integer exitCode;

    JsonObject details = new JsonObject();
    String proxyId = "";
    String proxyName = "";

    ConsoleEventView view() {
        return new ConsoleEventView(
                KIND.base(this),
                at,
                type,
                identityId,
                identityName,
                apiSessionId,
                sessionId,
                host,
                containerId,
                container,
                image,
                action,
                reason,
                bytesIn,
                bytesOut,
                durationMillis,
                exitCode,
                details.getMap(),
                proxyId,
                proxyName);
    }
}
