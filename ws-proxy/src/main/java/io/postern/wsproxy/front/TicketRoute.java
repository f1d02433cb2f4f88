package io.postern.wsproxy.front;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.front.Reception.Known;
import io.postern.wsproxy.hub.SessionId;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tickets: a browser cannot send a token with a WebSocket, so it fetches something that opens one door once. */
final class TicketRoute {
    /** What the access room promises a ticket lives at most. */
    private static final long SECONDS = 60;

    private final Guard guard;
    private final Reception reception;
    private final Urls urls;
    private final Front front;

    TicketRoute(Guard guard, Front front, Urls urls) {
        this.guard = guard;
        this.front = front;
        this.reception = front.reception();
        this.urls = urls;
    }

    void install(Router router) {
        router.post("/v1/tickets").handler(this::ticket);
    }

    /** A ticket and what stands before its question mark. */
    private record Made(String ticket, String path) {}

    private void ticket(RoutingContext context) {
        guard.ticket(context);
        Denials.Asked asked = Denials.asked(context);
        CompletionStage<JsonNode> body = Bodies.json(context.request());
        CompletionStage<Made> made = reception
                .known(context)
                .thenCompose(known -> body.thenCompose(json -> allowed(known, asked.about(read(json)))
                        .thenCompose(ask -> reception
                                .ticket(known.subject(), ask.ticket())
                                .thenApply(ticket -> {
                                    front.issued(context, known.subject(), ask);
                                    return new Made(ticket, path(ask));
                                }))));
        Front.answer(
                context,
                made,
                found -> Replies.json(
                        context,
                        201,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("ticket", found.ticket())
                                .put("url", urls.webSocket(context) + found.path() + "?ticket=" + found.ticket())
                                .put(
                                        "expiresAt",
                                        Instant.now().plusSeconds(SECONDS).toString())));
    }

    private static Ask read(JsonNode body) {
        String action = ApiRoutes.required(body, "action");
        if (action.equals("resume")) {
            Optional<Long> from = body.hasNonNull("from")
                    ? Optional.of(Math.max(0, body.path("from").asLong()))
                    : Optional.empty();
            return new Ask.Resume(
                    new SessionId(ApiRoutes.required(body, "session")),
                    body.path("observe").asBoolean(false),
                    from);
        }
        if (action.equals("observe") && body.hasNonNull("session")) {
            return new Ask.Resume(new SessionId(ApiRoutes.required(body, "session")), true, Optional.empty());
        }
        HostName host = new HostName(ApiRoutes.required(body, "host"));
        String container = ApiRoutes.required(body, "container");
        return switch (action) {
            case "attach" -> new Ask.Attach(host, container, false, Optional.empty());
            case "observe" -> new Ask.Attach(host, container, true, Optional.empty());
            case "exec" -> exec(body, host, container);
            default -> throw Refused.badRequest("'action' is attach, observe, exec or resume.");
        };
    }

    private static Ask.Exec exec(JsonNode body, HostName host, String container) {
        List<String> command = new ArrayList<>();
        body.path("command").forEach(word -> command.add(word.asText()));
        List<String> environment = new ArrayList<>();
        body.path("env").forEach(one -> environment.add(one.asText()));
        return new Ask.Exec(
                host,
                container,
                command,
                body.path("tty").asBoolean(false),
                body.path("stdin").asBoolean(true),
                Optional.ofNullable(body.path("user").textValue()).filter(user -> !user.isEmpty()),
                Optional.ofNullable(body.path("workdir").textValue()).filter(path -> !path.isEmpty()),
                environment,
                Optional.empty());
    }

    /** Nobody gets a ticket that would be refused; it names the container by its whole id, as it was when it was looked at. */
    private CompletionStage<Ask> allowed(Known known, Ask ask) {
        return switch (ask) {
            case Ask.Attach attach ->
                reception.find(known, attach.host(), attach.container()).thenApply(meant -> {
                    Reception.demand(
                            known.rights(), attach.observe() ? Action.OBSERVE : Action.ATTACH, meant.container());
                    return new Ask.Attach(attach.host(), meant.container().id(), attach.observe(), Optional.empty());
                });
            case Ask.Exec exec ->
                reception.find(known, exec.host(), exec.container()).thenApply(meant -> {
                    Reception.demand(known.rights(), Action.EXEC, meant.container());
                    Reception.demandUser(known.rights(), exec.user(), meant.container());
                    return new Ask.Exec(
                            exec.host(),
                            meant.container().id(),
                            exec.command(),
                            exec.tty(),
                            exec.stdin(),
                            exec.user(),
                            exec.directory(),
                            exec.environment(),
                            Optional.empty());
                });
            // whether it may be joined is decided when it is: the session may end or change hands before
            case Ask.Resume resume -> CompletableFuture.completedFuture(resume);
        };
    }

    private static String path(Ask ask) {
        return switch (ask) {
            case Ask.Attach attach -> container(attach.host(), attach.container()) + "/attach";
            case Ask.Exec exec -> container(exec.host(), exec.container()) + "/exec";
            case Ask.Resume resume -> "/v1/sessions/" + word(resume.session().value()) + "/stream";
        };
    }

    private static String container(HostName host, String container) {
        return "/v1/hosts/" + word(host.value()) + "/containers/" + word(container);
    }

    private static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
