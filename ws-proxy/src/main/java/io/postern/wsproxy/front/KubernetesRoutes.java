package io.postern.wsproxy.front;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.protocol.ChannelProtocol;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * As much of the Kubernetes API as {@code kubectl exec} and {@code attach} and client libraries ask for: a host is a namespace,
 * a container a pod with one container.
 */
final class KubernetesRoutes {
    private static final String POD = "/api/v1/namespaces/:host/pods/:container";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Reception reception;
    private final Opening opening;
    private final Containers containers;

    KubernetesRoutes(Reception reception, Opening opening, Containers containers) {
        this.reception = reception;
        this.opening = opening;
        this.containers = containers;
    }

    void install(Router router) {
        router.get("/api").handler(context -> Replies.json(context, 200, versions()));
        router.get("/apis").handler(context -> Replies.json(context, 200, groups()));
        router.get("/api/v1").handler(context -> Replies.json(context, 200, resources()));
        router.get("/api/v1/namespaces/:host").handler(this::namespace);
        router.get("/api/v1/namespaces/:host/pods").handler(this::pods);
        router.get(POD).handler(this::pod);
        for (String verb : List.of("exec", "attach")) {
            router.get(POD + "/" + verb).handler(context -> open(context, ask(context, verb)));
            router.post(POD + "/" + verb).handler(context -> older(context, ask(context, verb)));
        }
    }

    private static ObjectNode versions() {
        ObjectNode body = JSON.objectNode().put("kind", "APIVersions");
        body.putArray("versions").add("v1");
        body.putArray("serverAddressByClientCIDRs");
        return body;
    }

    private static ObjectNode groups() {
        ObjectNode body = JSON.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        body.putArray("groups");
        return body;
    }

    private static ObjectNode resources() {
        ObjectNode body = JSON.objectNode().put("kind", "APIResourceList").put("groupVersion", "v1");
        var list = body.putArray("resources");
        for (String name : List.of("pods", "pods/exec", "pods/attach")) {
            ObjectNode resource = list.addObject()
                    .put("name", name)
                    .put("singularName", name.equals("pods") ? "pod" : "")
                    .put("namespaced", true)
                    .put(
                            "kind",
                            name.equals("pods")
                                    ? "Pod"
                                    : name.equals("pods/exec") ? "PodExecOptions" : "PodAttachOptions");
            resource.putArray("verbs").add("get").add(name.equals("pods") ? "list" : "create");
            if (name.equals("pods")) {
                resource.putArray("shortNames").add("po");
            }
        }
        return body;
    }

    /** kubectl asks for it to tell a missing pod from a missing namespace. */
    private void namespace(RoutingContext context) {
        HostName host = Parameters.host(context);
        answer(context, reception.known(context).thenApply(known -> {
            if (!known.rights().hosts().contains(host)) {
                throw Refused.forbidden(
                        "Nothing is granted to " + known.subject().name() + " on a host " + host + ".");
            }
            ObjectNode body = JSON.objectNode().put("kind", "Namespace").put("apiVersion", "v1");
            body.putObject("metadata").put("name", host.value());
            body.putObject("status").put("phase", "Active");
            return body;
        }));
    }

    private void pods(RoutingContext context) {
        HostName host = Parameters.host(context);
        answer(context, reception.known(context).thenCompose(known -> {
            if (!known.rights().hosts().contains(host)) {
                throw Refused.forbidden(
                        "Nothing is granted to " + known.subject().name() + " on a host " + host + ".");
            }
            return containers.list(host).thenApply(all -> {
                ObjectNode body = JSON.objectNode().put("kind", "PodList").put("apiVersion", "v1");
                body.putObject("metadata").put("resourceVersion", "1");
                var items = body.putArray("items");
                all.stream()
                        .filter(container ->
                                !Reception.actions(known.rights(), container).isEmpty())
                        .forEach(container -> items.add(pod(container, container.name())));
                return body;
            });
        }));
    }

    private void pod(RoutingContext context) {
        String reference = context.pathParam("container");
        answer(
                context,
                reception
                        .known(context)
                        .thenCompose(known -> reception.find(known, Parameters.host(context), reference))
                        .thenApply(meant -> pod(meant.container(), reference)));
    }

    private static void answer(RoutingContext context, CompletionStage<ObjectNode> body) {
        Front.answer(context, body, found -> Replies.json(context, 200, found));
    }

    /** The pod answers to the word that it was asked by, for clients compare. */
    private static ObjectNode pod(ContainerFacts container, String reference) {
        boolean running =
                container.state() == ContainerFacts.State.RUNNING || container.state() == ContainerFacts.State.PAUSED;
        ObjectNode body = JSON.objectNode().put("kind", "Pod").put("apiVersion", "v1");
        ObjectNode metadata = body.putObject("metadata")
                .put("name", reference)
                .put("namespace", container.host().value())
                .put("uid", container.id());
        ObjectNode labels = metadata.putObject("labels");
        container.labels().forEach(labels::put);
        body.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", container.name())
                .put("image", container.image())
                .put("stdin", container.stdin())
                .put("tty", container.tty());
        ObjectNode status = body.putObject("status").put("phase", running ? "Running" : "Succeeded");
        ObjectNode inner = status.putArray("containerStatuses")
                .addObject()
                .put("name", container.name())
                .put("image", container.image())
                .put("containerID", "docker://" + container.id())
                .put("ready", running)
                .put("restartCount", 0);
        inner.putObject("state").putObject(running ? "running" : "terminated");
        return body;
    }

    /** A request and which streams it wants. */
    private record Wanted(Ask ask, boolean input, boolean output, boolean error) {}

    private static Wanted ask(RoutingContext context, String verb) {
        MultiMap query = context.queryParams();
        HostName host = Parameters.host(context);
        String container = context.pathParam("container");
        boolean input = Parameters.flag(query, "stdin", false);
        boolean tty = Parameters.flag(query, "tty", false);
        Ask ask = verb.equals("exec")
                ? new Ask.Exec(
                        host,
                        container,
                        query.getAll("command"),
                        tty,
                        input,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())
                : new Ask.Attach(host, container, !input, Optional.empty());
        return new Wanted(
                ask, input, Parameters.flag(query, "stdout", false), Parameters.flag(query, "stderr", false) && !tty);
    }

    private void open(RoutingContext context, Wanted wanted) {
        Denials.asked(context).about(wanted.ask());
        ConsoleRoutes.upgrade(context);
        Parameters.subprotocol(context.request(), List.of(ChannelProtocol.NAME));
        opening.open(
                context,
                reception.known(context),
                known -> opening.prepare(known, wanted.ask()),
                prepared -> new ChannelProtocol(wanted.input(), wanted.output(), wanted.error()));
    }

    /**
     * Clients that were refused a WebSocket try SPDY, and print what that attempt is answered: the same refusal, and where
     * nothing stands in the way, that SPDY is not spoken.
     */
    private void older(RoutingContext context, Wanted wanted) {
        Denials.asked(context).about(wanted.ask());
        Function<Reception.Known, CompletionStage<Void>> dry =
                known -> opening.prepare(known, wanted.ask()).thenAccept(prepared -> {
                    prepared.abandon();
                    throw Refused.badRequest(
                            "This server speaks " + ChannelProtocol.NAME + " over WebSocket, not SPDY.");
                });
        Front.answer(context, reception.known(context).thenCompose(dry), nothing -> {});
    }
}
