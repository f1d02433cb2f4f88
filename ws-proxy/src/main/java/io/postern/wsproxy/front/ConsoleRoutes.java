package io.postern.wsproxy.front;

import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.front.Reception.Known;
import io.postern.wsproxy.hub.Consoles.Prepared;
import io.postern.wsproxy.protocol.ChannelProtocol;
import io.postern.wsproxy.protocol.ConsoleProtocol;
import io.postern.wsproxy.protocol.Protocol;
import io.postern.wsproxy.protocol.RawProtocol;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The WebSockets of {@code /v1}. */
final class ConsoleRoutes {
    private static final List<String> PROTOCOLS = List.of(ChannelProtocol.NAME, RawProtocol.NAME, ConsoleProtocol.NAME);

    private final Reception reception;
    private final Opening opening;

    ConsoleRoutes(Reception reception, Opening opening) {
        this.reception = reception;
        this.opening = opening;
    }

    void install(Router router) {
        router.get("/v1/hosts/:host/containers/:container/attach")
                .handler(context -> open(context, Parameters::attach));
        router.get("/v1/hosts/:host/containers/:container/exec").handler(context -> open(context, Parameters::exec));
        router.get("/v1/sessions/:session/stream").handler(context -> open(context, Parameters::resume));
    }

    private void open(RoutingContext context, Function<RoutingContext, Ask> reading) {
        upgrade(context);
        String name = Parameters.subprotocol(context.request(), PROTOCOLS);
        CompletableFuture<Ask> ask = new CompletableFuture<>();
        CompletionStage<Known> who;
        String ticket = context.queryParams().get("ticket");
        if (ticket == null) {
            ask.complete(Denials.asked(context).about(reading.apply(context)));
            who = reception.known(context);
        } else {
            // what may be done stands behind the ticket; the address must name the same
            var size = Parameters.size(context.queryParams(), "cols", "rows");
            who = opening.ticketed(context, ticket, redeemed -> {
                Ask meant = Ask.of(redeemed.what());
                if (!fits(context, meant)) {
                    throw Refused.unauthorized("The ticket is for something else.");
                }
                ask.complete(meant.sized(size));
            });
        }
        opening.open(
                context,
                who,
                known -> opening.prepare(known, ask.join()),
                prepared -> protocol(name, ask.join(), prepared));
    }

    static void upgrade(RoutingContext context) {
        if (!Guard.isUpgrade(context.request())) {
            context.response().putHeader("Upgrade", "websocket");
            throw new Refused(426, "UPGRADE_REQUIRED", "This address speaks WebSocket only.");
        }
    }

    private static boolean fits(RoutingContext context, Ask ask) {
        String path = context.request().path();
        return switch (ask) {
            case Ask.Attach attach -> path.endsWith("/attach") && names(context, attach.host(), attach.container());
            case Ask.Exec exec -> path.endsWith("/exec") && names(context, exec.host(), exec.container());
            case Ask.Resume resume -> resume.session().value().equals(context.pathParam("session"));
        };
    }

    private static boolean names(RoutingContext context, HostName host, String container) {
        return host.value().equals(context.pathParam("host")) && container.equals(context.pathParam("container"));
    }

    private static Protocol protocol(String name, Ask ask, Prepared prepared) {
        boolean input = switch (ask) {
            case Ask.Attach attach -> !attach.observe();
            case Ask.Exec exec -> exec.stdin();
            case Ask.Resume resume -> !resume.observe();
        };
        return switch (name) {
            case ChannelProtocol.NAME -> new ChannelProtocol(input, true, true);
            case RawProtocol.NAME -> new RawProtocol(false);
            default -> new ConsoleProtocol(prepared.container());
        };
    }
}
