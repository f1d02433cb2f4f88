package io.postern.wsproxy.zun;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.access.Access.TicketFor;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.front.Ask;
import io.postern.wsproxy.front.Front;
import io.postern.wsproxy.front.Parameters;
import io.postern.wsproxy.front.Reception;
import io.postern.wsproxy.front.Reception.Known;
import io.postern.wsproxy.front.Reception.Meant;
import io.postern.wsproxy.front.Refused;
import io.postern.wsproxy.front.Replies;
import io.postern.wsproxy.front.Urls;
import io.postern.wsproxy.hub.Consoles.Prepared;
import io.postern.wsproxy.hub.Size;
import io.postern.wsproxy.protocol.RawProtocol;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The facade (container-ws sheet 1.11): X-Auth-Token holds our token, addresses carry tickets, execs are bound to their
 * container and to who made them. Requests without X-Auth-Token are somebody else's.
 */
public final class ZunRoutes {
    private static final String TOKEN = "X-Auth-Token";
    private static final long HOST_SECONDS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Front front;
    private final Reception reception;
    private final Containers containers;
    private final Urls urls;
    private final Seats seats = new Seats();

    public ZunRoutes(Front front, Containers containers, Urls urls) {
        this.front = front;
        this.reception = front.reception();
        this.containers = containers;
        this.urls = urls;
    }

    /** Before the routes of {@code /v1}, whose addresses some of these share. */
    public void install(Router router) {
        int order = Front.AFTER_GUARD;
        router.get().order(order++).handler(this::webSocket);
        router.get("/").order(order++).handler(this::versions);
        router.getWithRegex("/v1/?").order(order++).handler(this::versions);
        router.getWithRegex("/v1/containers/?").order(order++).handler(context -> ours(context, this::list));
        router.get("/v1/containers/:container").order(order++).handler(context -> ours(context, this::show));
        router.get("/v1/containers/:container/attach").order(order++).handler(context -> ours(context, this::attach));
        router.post("/v1/containers/:container/execute")
                .order(order++)
                .handler(context -> ours(context, this::execute));
        router.post("/v1/containers/:container/resize")
                .order(order++)
                .handler(context -> ours(context, c -> resize(c, "")));
        router.post("/v1/containers/:container/execute_resize")
                .order(order)
                .handler(context -> ours(
                        context,
                        c -> resize(
                                c, Parameters.text(c.queryParams(), "exec_id").orElse("-"))));
    }

    private void ours(RoutingContext context, java.util.function.Consumer<RoutingContext> handler) {
        if (context.request().getHeader(TOKEN) == null) {
            context.next();
        } else {
            handler.accept(context);
        }
    }

    private CompletionStage<Known> known(RoutingContext context) {
        return reception.known(context, context.request().getHeader(TOKEN).strip());
    }

    private void versions(RoutingContext context) {
        String accept = context.request().getHeader("Accept");
        if (accept != null && accept.contains("text/html")) {
            context.next(); // a browser, for whom there is a page
        } else {
            Replies.json(context, 200, ZunViews.versions(urls.http(context)));
        }
    }

    private CompletionStage<List<ContainerFacts>> reachable(Known known) {
        List<CompletableFuture<List<ContainerFacts>>> all = containers.hosts().stream()
                .filter(known.rights().hosts()::contains)
                .map(host -> containers
                        .list(host)
                        .toCompletableFuture()
                        .copy()
                        .completeOnTimeout(List.of(), HOST_SECONDS, TimeUnit.SECONDS)
                        .exceptionally(failure -> List.of()))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> all.stream()
                        .flatMap(found -> found.join().stream())
                        .filter(container ->
                                !Reception.actions(known.rights(), container).isEmpty())
                        .toList());
    }

    /** By UUID or name, over all hosts. */
    private CompletionStage<Meant> find(RoutingContext context) {
        String reference = context.pathParam("container");
        return known(context)
                .thenCompose(known -> reachable(known).thenApply(all -> {
                    List<ContainerFacts> fitting = all.stream()
                            .filter(container -> reference.equals(container.name())
                                    || reference.equals(ZunViews.uuid(container.host(), container.id())))
                            .toList();
                    if (fitting.isEmpty()) {
                        throw new Refused(404, "CONTAINER_UNKNOWN", "Container " + reference + " could not be found.");
                    }
                    if (fitting.size() > 1) {
                        throw new Refused(
                                409,
                                "CONTAINER_AMBIGUOUS",
                                "Several hosts have a container " + reference + "; use its UUID.");
                    }
                    return new Meant(known.subject(), known.rights(), fitting.getFirst());
                }));
    }

    private void list(RoutingContext context) {
        Front.answer(context, known(context).thenCompose(this::reachable), all -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            var list = body.putArray("containers");
            all.forEach(container -> list.add(ZunViews.container(container)));
            body.putNull("next");
            Replies.json(context, 200, body);
        });
    }

    private void show(RoutingContext context) {
        Front.answer(
                context, find(context), meant -> Replies.json(context, 200, ZunViews.container(meant.container())));
    }

    private void attach(RoutingContext context) {
        CompletionStage<String> url = find(context).thenCompose(meant -> {
            ContainerFacts container = meant.container();
            Reception.demand(meant.rights(), Action.ATTACH, container);
            if (!container.stdin()) {
                throw Refused.badRequest(
                        "Container " + container.name() + " cannot be attached to: it was made without an open input.");
            }
            runs(container);
            seats.expect(Seats.Key.of(meant.subject(), container, ""));
            return url(context, meant, new Ask.Attach(container.host(), container.id(), false, Optional.empty()), "");
        });
        Front.answer(context, url, found -> Replies.json(context, 200, JsonNodeFactory.instance.textNode(found)));
    }

    private static void runs(ContainerFacts container) {
        if (container.state() != ContainerFacts.State.RUNNING) {
            throw new Refused(409, "CONTAINER_NOT_RUNNING", "Container " + container.name() + " is not running.");
        }
    }

    private CompletionStage<String> url(RoutingContext context, Meant meant, Ask ask, String exec) {
        ContainerFacts container = meant.container();
        String uuid = ZunViews.uuid(container.host(), container.id());
        return reception.ticket(meant.subject(), marked(ask, exec)).thenApply(ticket -> {
            front.issued(context, meant.subject(), ask);
            return urls.webSocket(context) + "/?token=" + ticket + "&uuid=" + uuid
                    + (exec.isEmpty() ? "" : "&exec_id=" + exec);
        });
    }

    private static TicketFor marked(Ask ask, String exec) {
        return new TicketFor(ask.ticket().json().replaceFirst("\\{", "{\"zun\":true,\"exec\":\"" + exec + "\","));
    }

    private void execute(RoutingContext context) {
        MultiMap query = context.queryParams();
        List<String> command =
                CommandLine.split(Parameters.text(query, "command").orElse(""));
        boolean interactive = Parameters.flag(query, "interactive", false);
        if (!interactive && !Parameters.flag(query, "run", true)) {
            throw Refused.badRequest("A command is either run or interactive.");
        }
        CompletionStage<ObjectNode> answer = find(context).thenCompose(meant -> {
            ContainerFacts container = meant.container();
            Reception.demand(meant.rights(), Action.EXEC, container);
            runs(container);
            Ask.Exec ask = new Ask.Exec(
                    container.host(),
                    container.id(),
                    command,
                    interactive,
                    interactive,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            return interactive ? interactive(context, meant, ask) : run(meant, ask);
        });
        Front.answer(context, answer, body -> Replies.json(context, 200, body));
    }

    private CompletionStage<ObjectNode> interactive(RoutingContext context, Meant meant, Ask ask) {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String exec = HexFormat.of().formatHex(random);
        seats.expect(Seats.Key.of(meant.subject(), meant.container(), exec));
        return url(context, meant, ask, exec).thenApply(url -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.putNull("output");
            body.putNull("exit_code");
            return body.put("exec_id", exec).put("proxy_url", url);
        });
    }

    private CompletionStage<ObjectNode> run(Meant meant, Ask ask) {
        return front.opening()
                .prepare(new Known(meant.subject(), meant.rights()), ask)
                .thenCompose(RunToEnd::run)
                .thenApply(ran -> {
                    ObjectNode body = JsonNodeFactory.instance.objectNode();
                    body.put("output", ran.output()).put("exit_code", ran.exitCode());
                    body.putNull("exec_id");
                    body.putNull("proxy_url");
                    return body;
                });
    }

    private void resize(RoutingContext context, String exec) {
        Size size = size(context.queryParams());
        Front.answer(context, find(context), meant -> {
            if (!seats.resize(Seats.Key.of(meant.subject(), meant.container(), exec), size)) {
                throw new Refused(404, "CONSOLE_UNKNOWN", "You have no such console at that container.");
            }
            Replies.json(context, 200, JsonNodeFactory.instance.objectNode());
        });
    }

    private static Size size(MultiMap query) {
        try {
            return new Size(
                    Integer.parseInt(Parameters.text(query, "w").orElse("")),
                    Integer.parseInt(Parameters.text(query, "h").orElse("")));
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest("'w' and 'h' are numbers from 1 to 65535.");
        }
    }

    /** Whatever the path: the query is what counts. */
    private void webSocket(RoutingContext context) {
        MultiMap query = context.queryParams();
        if (!Front.isTicketed(context)) {
            context.next();
            return;
        }
        Front.subprotocol(context, List.of(RawProtocol.NAME));
        String exec = Parameters.text(query, "exec_id").orElse("");
        String uuid = Parameters.text(query, "uuid").orElse("");
        CompletableFuture<Ask> ask = new CompletableFuture<>();
        CompletionStage<Known> who = front.opening()
                .ticketed(context, query.get("token"), redeemed -> ask.complete(read(redeemed.what(), uuid, exec)));
        front.opening()
                .open(
                        context,
                        who,
                        known -> front.opening()
                                .prepare(known, ask.join())
                                .thenApply(prepared -> kept(known, prepared, exec)),
                        prepared -> new RawProtocol(true));
    }

    private Prepared kept(Known known, Prepared prepared, String exec) {
        return seats.kept(Seats.Key.of(known.subject(), prepared.container(), exec), prepared);
    }

    /** What the ticket was made for, if it was for this container and this exec. */
    private static Ask read(TicketFor ticket, String uuid, String exec) {
        Ask ask = Ask.of(ticket);
        boolean fits = switch (ask) {
            case Ask.Attach attach -> uuid.equals(ZunViews.uuid(attach.host(), attach.container()));
            case Ask.Exec run -> uuid.equals(ZunViews.uuid(run.host(), run.container()));
            case Ask.Resume resume -> false;
        };
        if (!fits || !exec.equals(mark(ticket))) {
            throw new Refused(401, "UNAUTHORIZED", "The ticket is for something else.");
        }
        return ask;
    }

    private static String mark(TicketFor ticket) {
        try {
            JsonNode json = Ask.JSON.readTree(ticket.json());
            return json.path("zun").asBoolean() ? json.path("exec").asText() : "-";
        } catch (JsonProcessingException e) {
            return "-";
        }
    }
}
