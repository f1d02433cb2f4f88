package io.postern.wsproxy.front;

import io.postern.wsproxy.access.Access;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.hub.Consoles;
import io.postern.wsproxy.recording.Recordings;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** All routes of the process behind one guard. */
public final class Front {
    /** Before every other route, static pages included. */
    private static final int FIRST = -100_000;

    /** From here on routes that come before those of {@code /v1} have their order. */
    public static final int AFTER_GUARD = FIRST + 100;

    private final FrontSettings settings;
    private final Containers containers;
    private final Consoles consoles;
    private final Logins logins;
    private final Copies copies;
    private final Optional<Recordings> recordings;
    private final Audit audit;
    private final Access access;
    private final Opening opening;
    private final Reception reception;

    public Front(
            Vertx vertx,
            FrontSettings settings,
            Access access,
            Containers containers,
            Consoles consoles,
            Logins logins,
            Copies copies,
            Optional<Recordings> recordings,
            Audit audit) {
        this.settings = settings;
        this.access = access;
        this.containers = containers;
        this.consoles = consoles;
        this.logins = logins;
        this.copies = copies;
        this.recordings = recordings;
        this.audit = audit;
        this.reception = new Reception(access, containers);
        this.opening = new Opening(vertx, reception, consoles, settings, audit);
    }

    public Opening opening() {
        return opening;
    }

    public Reception reception() {
        return reception;
    }

    /** Puts on record that somebody was given a ticket. */
    public void issued(RoutingContext context, Subject who, Ask ask) {
        audit.record(new Happening.TicketIssued(
                who,
                ask.word(),
                ask.place(),
                ask.target(),
                Guard.caller(context).address()));
    }

    public void install(Router router) {
        Guard guard = new Guard(settings);
        Denials denials = new Denials(audit);
        router.route().order(FIRST).handler(context -> {
            headers(context.response(), context.request().isSSL());
            denials.watch(context);
            guard.check(context);
            context.next();
        });
        router.route().order(FIRST).failureHandler(Front::failed);
        Urls urls = new Urls(settings.publicUrl());
        new ConsoleRoutes(reception, opening).install(router);
        new KubernetesRoutes(reception, opening, containers).install(router);
        new ApiRoutes(guard, access, reception, containers, consoles, logins, audit).install(router);
        new TicketRoute(guard, this, urls).install(router);
        new ArchiveRoutes(reception, copies, audit, settings.archive()).install(router);
        recordings.ifPresent(all -> new RecordingRoutes(reception, all, audit).install(router));
        router.route("/v1/*").last().handler(context -> Replies.refuse(context, notFound()));
        router.route("/api/*").last().handler(context -> Replies.refuse(context, notFound()));
    }

    /** A Zun client's WebSocket, which has no header for its ticket? */
    public static boolean isTicketed(RoutingContext context) {
        return Guard.isTicketed(context);
    }

    /** The protocol that both can. @throws Refused when there is none */
    public static String subprotocol(RoutingContext context, List<String> known) {
        return Parameters.subprotocol(context.request(), known);
    }

    private static Refused notFound() {
        return new Refused(404, "NOT_FOUND", "There is nothing at this address.");
    }

    /** What a handler threw. */
    private static void failed(RoutingContext context) {
        if (context.failure() == null) {
            context.next();
        } else {
            Replies.refuse(context, context.failure());
        }
    }

    private static void headers(HttpServerResponse response, boolean secure) {
        response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-store");
        if (secure) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** Answers on the request's context when the stage is done; what it fails with, or {@code then} throws, is refused. */
    public static <T> void answer(RoutingContext context, CompletionStage<T> stage, Consumer<T> then) {
        Context loop = context.vertx().getOrCreateContext();
        stage.whenComplete((value, failure) -> loop.runOnContext(nothing -> {
            if (failure != null) {
                Replies.refuse(context, failure);
                return;
            }
            try {
                then.accept(value);
            } catch (RuntimeException e) {
                Replies.refuse(context, e);
            }
        }));
    }
}
