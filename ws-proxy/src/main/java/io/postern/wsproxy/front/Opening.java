package io.postern.wsproxy.front;

import io.postern.wsproxy.access.Access.Redeemed;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Rights;
import io.postern.wsproxy.access.Rights.HostRules;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.front.Reception.Known;
import io.postern.wsproxy.hub.Consoles;
import io.postern.wsproxy.hub.Consoles.Prepared;
import io.postern.wsproxy.hub.Wish;
import io.postern.wsproxy.protocol.ClientSocket;
import io.postern.wsproxy.protocol.Protocol;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * From a request to a console. All that can be refused is refused before the 101: only then the socket is accepted and sits
 * down. A client that goes in between leaves nothing behind.
 */
public final class Opening {
    private static final Logger LOG = Logger.getLogger(Opening.class);

    private final Vertx vertx;
    private final Reception reception;
    private final Consoles consoles;
    private final Audit audit;
    private final int sockets;
    private final Duration ping;
    private final Duration silence;
    private final AtomicInteger open = new AtomicInteger();

    Opening(Vertx vertx, Reception reception, Consoles consoles, FrontSettings settings, Audit audit) {
        this.audit = audit;
        this.vertx = vertx;
        this.reception = reception;
        this.consoles = consoles;
        this.sockets = settings.sockets();
        this.ping = settings.ping();
        this.silence = settings.silence();
    }

    /** Sockets that are open now. */
    public int sockets() {
        return open.get();
    }

    /** Opens what was asked for, or answers why not. On the request's context. */
    public void open(
            RoutingContext context,
            CompletionStage<Known> who,
            Function<Known, CompletionStage<Prepared>> prepare,
            Function<Prepared, Protocol> protocol) {
        Context loop = vertx.getOrCreateContext();
        HttpServerRequest request = context.request();
        request.pause();
        if (open.incrementAndGet() > sockets) {
            open.decrementAndGet();
            throw new Refused(503, "TOO_MANY_SOCKETS", "This proxy has as many open consoles as it may; try later.");
        }
        who.thenCompose(known -> on(loop, () -> prepare.apply(known)))
                .whenComplete((prepared, failure) -> loop.runOnContext(nothing -> {
                    if (failure != null) {
                        open.decrementAndGet();
                        request.resume();
                        Replies.refuse(context, failure);
                    } else {
                        accept(request, prepared, protocol);
                    }
                }));
    }

    private void accept(HttpServerRequest request, Prepared prepared, Function<Prepared, Protocol> protocol) {
        request.toWebSocket().onComplete(result -> {
            if (result.failed()) {
                open.decrementAndGet();
                prepared.abandon();
                LOG.debugf("handshake.failed cause=%s", result.cause().getMessage());
                return;
            }
            ServerWebSocket socket = result.result();
            new ClientSocket(socket, request.connection(), protocol.apply(prepared), ping, silence)
                    .begin(vertx, prepared::join, open::decrementAndGet);
        });
    }

    /** So that the console runs on its client's loop: bytes then never change threads. */
    private static <T> CompletionStage<T> on(Context loop, Supplier<CompletionStage<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(nothing -> CompletableFuture.completedStage(null)
                .thenCompose(ignored -> task.get())
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else {
                        done.complete(result);
                    }
                }));
        return done;
    }

    /** Looks whether it is there and granted, and has the hub prepare it. On the client's loop, where the console then is, too. */
    public CompletionStage<Prepared> prepare(Known who, Ask ask) {
        Context loop = vertx.getOrCreateContext();
        return switch (ask) {
            case Ask.Attach attach ->
                reception.find(who, attach.host(), attach.container()).thenCompose(meant -> {
                    ContainerFacts container = meant.container();
                    Reception.demand(who.rights(), attach.observe() ? Action.OBSERVE : Action.ATTACH, container);
                    return prepare(
                            who, new Wish.Attach(container, attach.observe(), attach.size()), container.host(), loop);
                });
            case Ask.Exec exec ->
                reception.find(who, exec.host(), exec.container()).thenCompose(meant -> {
                    Reception.demand(who.rights(), Action.EXEC, meant.container());
                    Reception.demandUser(who.rights(), exec.user(), meant.container());
                    return prepare(who, wish(exec, meant.container()), exec.host(), loop);
                });
            case Ask.Resume resume -> resume(who, resume);
        };
    }

    private static Wish.Exec wish(Ask.Exec exec, ContainerFacts container) {
        return new Wish.Exec(
                container,
                exec.command(),
                exec.tty(),
                exec.stdin(),
                exec.user(),
                exec.directory(),
                exec.environment(),
                exec.size());
    }

    private CompletionStage<Prepared> prepare(Known who, Wish wish, HostName host, Context loop) {
        return on(loop, () -> consoles.prepare(who.subject(), wish, who.rights().rules(host)));
    }

    /** The hub knows whose session it is; whether that identity still has the right is looked at before it sits down. */
    private CompletionStage<Prepared> resume(Known who, Ask.Resume resume) {
        if (!resume.session().value().matches("[0-9a-f]{32}")) {
            throw Refused.badRequest("That is no session.");
        }
        Optional<ContainerFacts> seen = consoles.present().stream()
                .filter(present -> present.session().equals(resume.session()))
                .map(Consoles.Present::container)
                .findFirst();
        if (resume.observe()
                && seen.filter(c -> who.rights().permits(Action.OBSERVE, c)).isEmpty()) {
            throw gone();
        }
        HostRules rules = who.rights().rules(seen.map(ContainerFacts::host).orElse(new HostName("-")));
        return consoles.prepare(who.subject(), new Wish.Join(resume.session(), resume.observe(), resume.from()), rules)
                .handle((prepared, failure) -> {
                    if (failure != null) {
                        throw Refused.of(failure);
                    }
                    if (!permits(who.rights(), resume, prepared.container())) {
                        prepared.abandon();
                        throw gone();
                    }
                    return prepared;
                });
    }

    private static boolean permits(Rights rights, Ask.Resume resume, ContainerFacts container) {
        return resume.observe()
                ? rights.permits(Action.OBSERVE, container)
                : rights.permits(Action.ATTACH, container) || rights.permits(Action.EXEC, container);
    }

    private static Refused gone() {
        return new Refused(404, "SESSION_UNKNOWN", "There is no such session that you may join.");
    }

    /**
     * For a ticket: who made it, once.
     *
     * @param reading looks what it was made for, and throws {@link Refused} when that is not what is asked for now
     */
    public CompletionStage<Known> ticketed(RoutingContext context, String ticket, Consumer<Redeemed> reading) {
        Denials.Asked asked = Denials.asked(context);
        String address = Guard.caller(context).address();
        return reception.redeem(ticket).thenCompose(redeemed -> {
            asked.by(redeemed.subject());
            audit.record(new Happening.TicketUsed(
                    redeemed.subject(), asked.about(Ask.of(redeemed.what())).word(), address));
            reading.accept(redeemed);
            return reception.known(redeemed.subject());
        });
    }
}
