package io.postern.wsproxy.front;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.access.Access;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.front.Reception.Known;
import io.postern.wsproxy.hub.Consoles;
import io.postern.wsproxy.hub.SessionId;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Login, who one is, what one may reach, and who is there: the REST part of {@code /v1}. */
final class ApiRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** A host that does not answer within this time is shown as that, and holds nobody up. */
    private static final long HOST_SECONDS = 5;

    private final Guard guard;
    private final Access access;
    private final Reception reception;
    private final Containers containers;
    private final Consoles consoles;
    private final Logins logins;
    private final Audit audit;

    ApiRoutes(
            Guard guard,
            Access access,
            Reception reception,
            Containers containers,
            Consoles consoles,
            Logins logins,
            Audit audit) {
        this.guard = guard;
        this.access = access;
        this.reception = reception;
        this.containers = containers;
        this.consoles = consoles;
        this.logins = logins;
        this.audit = audit;
    }

    void install(Router router) {
        router.post("/v1/login").handler(this::login);
        router.post("/v1/logout").handler(this::logout);
        router.get("/v1/me").handler(this::me);
        router.get("/v1/hosts").handler(this::hosts);
        router.get("/v1/containers").handler(this::containers);
        router.get("/v1/sessions").handler(this::sessions);
        router.delete("/v1/sessions/:session").handler(this::end);
    }

    private void login(RoutingContext context) {
        guard.login(context);
        String address = Guard.caller(context).address();
        CompletionStage<ObjectNode> answer = Bodies.json(context.request())
                .thenCompose(body -> login(required(body, "username"), required(body, "password"), address))
                .thenApply(login -> {
                    ObjectNode view = JSON.objectNode().put("token", login.token());
                    view.putObject("identity").put("id", login.identityId()).put("name", login.identityName());
                    return view.put("expiresAt", login.expiresAt().toString());
                });
        Front.answer(context, answer, view -> Replies.json(context, 200, view));
    }

    private CompletionStage<Logins.Login> login(String username, String password, String address) {
        return logins.login(username, password).whenComplete((login, failure) -> {
            if (failure == null) {
                Subject who = new Subject(login.identityId(), login.identityName(), "", false, login.expiresAt());
                audit.record(new Happening.LoggedIn(who, address));
            } else if (Refused.of(failure).status() == 401) {
                audit.record(new Happening.LoginRefused(username, address));
            }
        });
    }

    static String required(JsonNode body, String name) {
        String value = body.path(name).asText("");
        if (value.isEmpty() || value.length() > 4096) {
            throw Refused.badRequest("'" + name + "' is missing.");
        }
        return value;
    }

    private void logout(RoutingContext context) {
        String token = Reception.bearer(context.request());
        CompletionStage<Void> done = reception
                .known(context)
                .thenCompose(known -> logins.logout(token).thenAccept(nothing -> {
                    access.ended(known.subject());
                    audit.record(new Happening.LoggedOut(
                            known.subject(), Guard.caller(context).address()));
                    String session = known.subject().apiSessionId();
                    consoles.expel(present -> present.who().apiSessionId().equals(session), "You have logged out.");
                }));
        Front.answer(context, done, nothing -> Replies.empty(context, 204));
    }

    private void me(RoutingContext context) {
        Front.answer(context, reception.known(context), known -> {
            ObjectNode view = JSON.objectNode();
            view.putObject("identity")
                    .put("id", known.subject().identityId())
                    .put("name", known.subject().name());
            view.put("isAdmin", known.subject().isAdmin())
                    .put("expiresAt", known.subject().expiresAt().toString());
            ArrayNode hosts = view.putArray("hosts");
            known.rights().hosts().forEach(host -> hosts.add(host.value()));
            Replies.json(context, 200, view);
        });
    }

    /** What a host has, or why it does not say. */
    private record Listed(HostName host, List<ContainerFacts> containers, Optional<Refused> failure) {}

    private CompletionStage<List<Listed>> listed(Known known) {
        List<CompletableFuture<Listed>> all = containers.hosts().stream()
                .filter(known.rights().hosts()::contains)
                .map(host -> containers
                        .list(host)
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(HOST_SECONDS, TimeUnit.SECONDS)
                        .handle((found, failure) -> failure == null
                                ? new Listed(host, visible(known, found), Optional.empty())
                                : new Listed(host, List.of(), Optional.of(unreachable(host, failure)))))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> all.stream().map(CompletableFuture::join).toList());
    }

    private static Refused unreachable(HostName host, Throwable failure) {
        Refused refused = Refused.of(failure);
        return refused.isForeseen()
                ? refused
                : new Refused(503, "HOST_UNREACHABLE", "Host " + host + " does not answer in time.");
    }

    private static List<ContainerFacts> visible(Known known, List<ContainerFacts> found) {
        return found.stream()
                .filter(container ->
                        !Reception.actions(known.rights(), container).isEmpty())
                .toList();
    }

    private void hosts(RoutingContext context) {
        Front.answer(context, reception.known(context).thenCompose(this::listed), hosts -> {
            ArrayNode list = JSON.arrayNode();
            for (Listed host : hosts) {
                ObjectNode view = list.addObject()
                        .put("name", host.host().value())
                        .put("reachable", host.failure().isEmpty())
                        .put("containers", host.containers().size());
                host.failure().ifPresent(failure -> view.put("message", failure.getMessage()));
            }
            Replies.json(context, 200, list);
        });
    }

    private void containers(RoutingContext context) {
        CompletionStage<ArrayNode> answer = reception
                .known(context)
                .thenCompose(known -> listed(known).thenApply(hosts -> {
                    ArrayNode list = JSON.arrayNode();
                    hosts.forEach(host -> host.containers().forEach(container -> list.add(view(known, container))));
                    return list;
                }));
        Front.answer(context, answer, list -> Replies.json(context, 200, list));
    }

    private static ObjectNode view(Known known, ContainerFacts container) {
        ObjectNode view = name(container)
                .put("state", container.state().name().toLowerCase(Locale.ROOT))
                .put("tty", container.tty())
                .put("stdin", container.stdin());
        ObjectNode labels = view.putObject("labels");
        container.labels().forEach(labels::put);
        ArrayNode actions = view.putArray("actions");
        Reception.actions(known.rights(), container).stream().map(Action::word).forEach(actions::add);
        return view;
    }

    private static ObjectNode name(ContainerFacts container) {
        return JSON.objectNode()
                .put("host", container.host().value())
                .put("id", container.id())
                .put("name", container.name())
                .put("image", container.image());
    }

    private void sessions(RoutingContext context) {
        Front.answer(context, reception.known(context), known -> {
            Map<SessionId, List<Consoles.Present>> bySession = new LinkedHashMap<>();
            consoles.present()
                    .forEach(present -> bySession
                            .computeIfAbsent(present.session(), id -> new ArrayList<>())
                            .add(present));
            ArrayNode list = JSON.arrayNode();
            bySession.values().stream()
                    .filter(seats -> mayLook(known, seats))
                    .forEach(seats -> list.add(view(known, seats)));
            Replies.json(context, 200, list);
        });
    }

    private static boolean mayLook(Known known, List<Consoles.Present> seats) {
        return isMine(known, seats)
                || known.rights().permits(Action.OBSERVE, seats.getFirst().container());
    }

    private static boolean isMine(Known known, List<Consoles.Present> seats) {
        return seats.stream()
                .anyMatch(seat -> !seat.observer()
                        && seat.who().identityId().equals(known.subject().identityId()));
    }

    private static ObjectNode view(Known known, List<Consoles.Present> seats) {
        Consoles.Present first = seats.getFirst();
        ObjectNode view = JSON.objectNode()
                .put("id", first.session().value())
                .put("kind", first.kind().name().toLowerCase(Locale.ROOT))
                .put("mine", isMine(known, seats))
                .put("user", first.user());
        view.set("container", name(first.container()));
        ArrayNode viewers = view.putArray("viewers");
        seats.forEach(seat -> viewers.addObject().put("name", seat.who().name()).put("observer", seat.observer()));
        return view;
    }

    private void end(RoutingContext context) {
        String id = context.pathParam("session");
        Front.answer(context, reception.known(context), known -> {
            List<Consoles.Present> seats = consoles.present().stream()
                    .filter(present -> present.session().value().equals(id))
                    .toList();
            if (seats.isEmpty() || !isMine(known, seats) && !known.subject().isAdmin()) {
                throw new Refused(404, "SESSION_UNKNOWN", "There is no such session of yours.");
            }
            // an attach of several people: mine ends, theirs goes on
            boolean all = known.subject().isAdmin();
            consoles.expel(
                    present -> present.session().value().equals(id)
                            && (all
                                    || present.kind() == Consoles.Kind.EXEC
                                    || present.who()
                                            .identityId()
                                            .equals(known.subject().identityId())),
                    known.subject().name() + " has ended the session.");
            Replies.empty(context, 204);
        });
    }
}
