package io.postern.wsproxy.front;

import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.hub.SessionId;
import io.postern.wsproxy.hub.Size;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads queries. What is there must make sense; what is not there has a default. */
public final class Parameters {
    private Parameters() {}

    public static boolean flag(MultiMap query, String name, boolean otherwise) {
        String value = query.get(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "1", "" -> true;
            case "false", "0" -> false;
            default -> throw Refused.badRequest("'" + name + "' is true or false.");
        };
    }

    public static Optional<String> text(MultiMap query, String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    static Optional<Size> size(MultiMap query, String columns, String rows) {
        Optional<Integer> wide = number(query, columns, 65_535).map(Long::intValue);
        Optional<Integer> high = number(query, rows, 65_535).map(Long::intValue);
        return wide.filter(w -> w > 0).flatMap(w -> high.filter(h -> h > 0).map(h -> new Size(w, h)));
    }

    static Optional<Long> number(MultiMap query, String name, long most) {
        return text(query, name).map(value -> {
            if (!value.matches("[0-9]{1,18}") || Long.parseLong(value) > most) {
                throw Refused.badRequest("'" + name + "' is a number from 0 to " + most + ".");
            }
            return Long.parseLong(value);
        });
    }

    static HostName host(RoutingContext context) {
        return new HostName(String.valueOf(context.pathParam("host")));
    }

    static Ask.Attach attach(RoutingContext context) {
        MultiMap query = context.queryParams();
        return new Ask.Attach(
                host(context),
                context.pathParam("container"),
                flag(query, "observe", false),
                size(query, "cols", "rows"));
    }

    static Ask.Exec exec(RoutingContext context) {
        MultiMap query = context.queryParams();
        return new Ask.Exec(
                host(context),
                context.pathParam("container"),
                query.getAll("command"),
                flag(query, "tty", false),
                flag(query, "stdin", true),
                text(query, "user"),
                text(query, "workdir"),
                query.getAll("env"),
                size(query, "cols", "rows"));
    }

    static Ask.Resume resume(RoutingContext context) {
        MultiMap query = context.queryParams();
        return new Ask.Resume(
                new SessionId(context.pathParam("session")),
                flag(query, "observe", false),
                number(query, "from", Long.MAX_VALUE / 2));
    }

    /** The protocol to speak: the client's first choice among those that may be. */
    static String subprotocol(HttpServerRequest request, List<String> known) {
        String offered = request.headers().getAll("Sec-WebSocket-Protocol").stream()
                .reduce("", (all, more) -> all.isEmpty() ? more : all + "," + more);
        return choose(offered, known)
                .orElseThrow(() -> new Refused(
                        400,
                        "SUBPROTOCOL_NOT_OFFERED",
                        "Offer one of these as Sec-WebSocket-Protocol: " + String.join(", ", known) + "."));
    }

    static Optional<String> choose(@Nullable String offered, List<String> known) {
        if (offered == null || offered.length() > 4096) {
            return Optional.empty();
        }
        return Arrays.stream(offered.split(","))
                .map(String::strip)
                .filter(known::contains)
                .findFirst();
    }
}
