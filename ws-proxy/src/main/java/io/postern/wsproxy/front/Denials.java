package io.postern.wsproxy.front;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.audit.Happening;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts on record who was refused what, and why. How many of one identity or one address are recorded is bounded, and how many
 * of all whom nobody knows, so that a flood of them drives nothing else out of the audit; how many were left out is told with
 * the next that is recorded. Thread-safe.
 */
final class Denials {
    /** Of one identity, or of one address while nobody is known. */
    static final FrontSettings.Rate ONE = new FrontSettings.Rate(2, 100);
    /** Of everybody who is not known. */
    static final FrontSettings.Rate STRANGERS = new FrontSettings.Rate(20, 1000);

    private static final String ASKED = "postern.asked";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._ -]{0,254}";

    private final Audit audit;
    private final RateLimit one = new RateLimit(ONE);
    private final RateLimit strangers = new RateLimit(STRANGERS);
    private final AtomicLong leftOut = new AtomicLong();

    Denials(Audit audit) {
        this.audit = audit;
    }

    /** One request, and what has become known of it; any thread may tell. */
    static final class Asked {
        private final @Nullable Denials denials;
        private volatile @Nullable Subject who;
        private volatile @Nullable Ask ask;

        private Asked(@Nullable Denials denials) {
            this.denials = denials;
        }

        Subject by(Subject subject) {
            who = subject;
            return subject;
        }

        <A extends Ask> A about(A what) {
            ask = what;
            return what;
        }
    }

    /** From here on refusals of this request are recorded. */
    void watch(RoutingContext context) {
        context.put(ASKED, new Asked(this));
    }

    /** On the request's context. */
    static Asked asked(RoutingContext context) {
        Asked asked = context.get(ASKED);
        return asked == null ? new Asked(null) : asked;
    }

    /** This request is answered with no. On the request's context. */
    static void refused(RoutingContext context, Refused why) {
        Asked asked = asked(context);
        if (asked.denials != null && isDenial(context, why)) {
            asked.denials.record(denied(context, asked, why), System.nanoTime());
        }
    }

    /** A handshake is refused for any reason; elsewhere it is not a denial that there is no such page. */
    private static boolean isDenial(RoutingContext context, Refused why) {
        if (!why.isForeseen()) {
            return false;
        }
        if (Guard.isUpgrade(context.request())) {
            return true;
        }
        return switch (why.status()) {
            case 400 -> why.code().equals("TOKEN_IN_URL") || why.code().equals("HOST_NOT_KNOWN");
            // a login has its own event
            case 401 -> !"/v1/login".equals(context.request().path());
            case 403 -> true;
            // what one may not see looks as if it were not there
            case 404 -> !why.code().equals("NOT_FOUND");
            default -> false;
        };
    }

    private static Happening.Denied denied(RoutingContext context, Asked asked, Refused why) {
        Caller caller = Guard.caller(context);
        Ask ask = asked.ask;
        return new Happening.Denied(
                Optional.ofNullable(asked.who),
                ask == null ? action(context) : ask.word(),
                name(ask == null ? context.pathParam("host") : ask.place()),
                name(ask == null ? container(context) : ask.target()),
                why.code() + ": " + why.getMessage(),
                caller == null ? "" : caller.address());
    }

    private static @Nullable String container(RoutingContext context) {
        String container = context.pathParam("container");
        return container == null ? context.pathParam("session") : container;
    }

    /** Only what may be a name: an address may hold anything. */
    private static String name(@Nullable String text) {
        return text != null && text.matches(NAME) ? text : "";
    }

    private static String action(RoutingContext context) {
        String path = String.valueOf(context.request().path());
        if (path.endsWith("/archive")) {
            return (context.request().method() == HttpMethod.PUT ? Action.COPY_IN : Action.COPY_OUT).word();
        }
        if (path.startsWith("/v1/recordings")) {
            return Action.VIEW_RECORDING.word();
        }
        if (path.endsWith("/attach")) {
            return Action.ATTACH.word();
        }
        if (path.endsWith("/exec") || path.endsWith("/execute")) {
            return Action.EXEC.word();
        }
        return path.endsWith("/stream") ? "resume" : "";
    }

    /** Records it, unless there were too many. */
    void record(Happening.Denied denied, long nanos) {
        boolean stranger = denied.who().isEmpty();
        String key = denied.who().map(who -> "id " + who.identityId()).orElse(denied.remoteAddress());
        if (!one.take(key, nanos) || stranger && !strangers.take("", nanos)) {
            leftOut.incrementAndGet();
            return;
        }
        long others = leftOut.getAndSet(0);
        audit.record(
                others == 0
                        ? denied
                        : new Happening.Denied(
                                denied.who(),
                                denied.action(),
                                denied.host(),
                                denied.container(),
                                denied.reason() + " (" + others + " refusals before it are not on record)",
                                denied.remoteAddress()));
    }
}
