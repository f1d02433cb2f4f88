package io.postern.wsproxy.front;

import io.postern.wsproxy.access.Access;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Rights;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.engine.HostName;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Finds out who asks, and whether what is asked for is there for them. */
public final class Reception {
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_TOKEN = 16 * 1024;

    private final Access access;
    private final Containers containers;

    public Reception(Access access, Containers containers) {
        this.access = access;
        this.containers = containers;
    }

    /** Somebody, what they may do, and the container that they mean. */
    public record Meant(Subject subject, Rights rights, ContainerFacts container) {}

    /** Somebody and what they may do. */
    public record Known(Subject subject, Rights rights) {}

    /** The token of {@code Authorization: Bearer}. */
    static String bearer(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Refused.unauthorized("Log in first, and send the token as Authorization: Bearer.");
        }
        return header.substring(BEARER.length()).strip();
    }

    public CompletionStage<Known> known(RoutingContext context) {
        return known(context, bearer(context.request()));
    }

    /** @param token wherever it came from */
    public CompletionStage<Known> known(RoutingContext context, String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            throw Refused.unauthorized("That is no token.");
        }
        Denials.Asked asked = Denials.asked(context);
        return access.authenticate(token, certificates(context.request()))
                .thenApply(asked::by)
                .thenCompose(this::known);
    }

    CompletionStage<Known> known(Subject subject) {
        return access.rights(subject).thenApply(rights -> new Known(subject, rights));
    }

    private static List<X509Certificate> certificates(HttpServerRequest request) {
        List<X509Certificate> chain = new ArrayList<>();
        if (request.isSSL()) {
            try {
                for (Certificate certificate : request.connection().peerCertificates()) {
                    if (certificate instanceof X509Certificate x509) {
                        chain.add(x509);
                    }
                }
            } catch (SSLPeerUnverifiedException e) {
                return List.of();
            }
        }
        return chain;
    }

    /**
     * The container that is meant. One that this subject may do nothing with looks like one that is not there, and a host
     * that nothing is granted on like any other word.
     */
    public CompletionStage<Meant> find(Known who, HostName host, String reference) {
        if (!host.value().matches("[A-Za-z0-9][A-Za-z0-9._ -]{0,127}")) {
            throw new Refused(400, "BAD_REQUEST", "That is not the name of a host.");
        }
        if (!reference.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")) {
            throw new Refused(400, "BAD_REQUEST", "That is not the name or id of a container.");
        }
        if (!who.rights().hosts().contains(host)) {
            throw Refused.forbidden("Nothing is granted to " + who.subject().name() + " on a host " + host + ".");
        }
        return containers.find(host, reference).handle((container, failure) -> {
            if (failure != null) {
                throw hidden(failure, host, reference);
            }
            if (actions(who.rights(), container).isEmpty()) {
                throw unknown(host, reference);
            }
            return new Meant(who.subject(), who.rights(), container);
        });
    }

    private static RuntimeException hidden(Throwable failure, HostName host, String reference) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof EngineRefusal refusal && refusal.code() == EngineRefusal.Code.CONTAINER_UNKNOWN) {
            return unknown(host, reference);
        }
        return cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
    }

    private static Refused unknown(HostName host, String reference) {
        return new Refused(
                404,
                "CONTAINER_UNKNOWN",
                "There is no container " + reference + " on " + host + " that you may reach.");
    }

    /** All that is granted with a container. */
    public static List<Action> actions(Rights rights, ContainerFacts container) {
        return java.util.Arrays.stream(Action.values())
                .filter(action -> rights.permits(action, container))
                .toList();
    }

    public static void demand(Rights rights, Action action, ContainerFacts container) {
        if (!rights.permits(action, container)) {
            throw Refused.forbidden("You may not " + words(action) + " container " + container.name() + " on "
                    + container.host() + ".");
        }
    }

    private static String words(Action action) {
        return switch (action) {
            case OBSERVE -> "observe";
            case ATTACH -> "attach to";
            case EXEC -> "run commands in";
            case EXEC_AS_USER -> "run commands as another user in";
            case COPY_IN -> "copy into";
            case COPY_OUT -> "copy out of";
            case VIEW_RECORDING -> "see recordings of";
        };
    }

    static void demandUser(Rights rights, Optional<String> user, ContainerFacts container) {
        user.filter(name -> !rights.permitsUser(name, container)).ifPresent(name -> {
            throw Refused.forbidden("You may not run commands as " + name + " in container " + container.name() + " on "
                    + container.host() + ".");
        });
    }

    /** Takes a ticket; whatever happens next, it is spent. */
    CompletionStage<Access.Redeemed> redeem(String ticket) {
        if (!ticket.matches("[A-Za-z0-9_-]{20,200}")) {
            return CompletableFuture.failedFuture(Refused.unauthorized("That is no ticket."));
        }
        return access.redeem(ticket);
    }

    public CompletionStage<String> ticket(Subject subject, Access.TicketFor what) {
        return access.ticket(subject, what);
    }
}
