package io.postern.wsproxy.access;

import io.postern.pki.Certificates;
import io.postern.wsproxy.access.TokenCheck.Worthless;
import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.Controller.Standing;
import io.postern.wsproxy.controller.ControllerTrouble;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;

/**
 * Judges tokens here, and asks the controller for what only it knows: does the API Session last, and what may it do. While
 * no controller can be asked nobody is let in.
 */
final class ControllerAccess implements Access {
    private static final Logger LOG = Logger.getLogger("postern.access");
    private static final String AWAY =
            "The controller does not answer, so rights cannot be confirmed and no console can be opened. Try again later.";
    private static final String FORBIDDEN =
            "This proxy may dial no container host: a service policy of type Dial has to"
                    + " join its identity with one.";

    private final Controller controller;
    private final Executor executor;
    private final InstantSource clock;
    private final TokenCheck check;
    private final SigningKeys keys;
    private final Standings standings;
    private final TokenEnds ends;
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();

    /** @param executor of virtual threads: what runs there blocks */
    ControllerAccess(Controller controller, TokenCheck check, TokenEnds ends, Executor executor, InstantSource clock) {
        this.controller = controller;
        this.executor = executor;
        this.clock = clock;
        this.check = check;
        this.ends = ends;
        this.keys = new SigningKeys(controller, System::nanoTime);
        this.standings = new Standings(controller, executor, System::nanoTime);
    }

    @Override
    public CompletionStage<Subject> authenticate(String token, List<X509Certificate> chain) {
        return blocking(() -> claims(token, chain))
                .thenCompose(claims -> standing(claims.apiSessionId()).thenApply(standing -> {
                    if (!standing.identityId().equals(claims.identityId())) {
                        throw refused("its API Session is another identity's");
                    }
                    Subject subject = subject(standing, claims.expiresAt());
                    ends.seen(subject);
                    return subject;
                }));
    }

    private TokenClaims claims(String token, List<X509Certificate> chain) throws ControllerTrouble {
        try {
            Optional<JsonWebKey> key = keys.find(TokenCheck.keyId(token));
            if (key.isEmpty()) {
                throw refused("its key is not known");
            }
            TokenClaims claims = check.check(token, key.get(), clock.instant());
            boolean bound = claims.certificates().isEmpty()
                    || (!chain.isEmpty() && claims.certificates().contains(Certificates.sha1(chain.getFirst())));
            if (!bound) {
                throw refused("it is bound to a client certificate that was not presented");
            }
            return claims;
        } catch (Worthless worthless) {
            throw refused(worthless.getMessage());
        }
    }

    private static Subject subject(Standing standing, Instant tokenEnds) {
        return new Subject(
                standing.identityId(), standing.identityName(), standing.apiSessionId(), standing.isAdmin(), tokenEnds);
    }

    @Override
    public CompletionStage<Rights> rights(Subject subject) {
        return standing(subject.apiSessionId()).thenApply(standing -> {
            if (!standing.identityId().equals(subject.identityId())) {
                throw refused("its API Session is another identity's");
            }
            return GrantedRights.of(standing.hosts());
        });
    }

    private CompletionStage<Standing> standing(String apiSessionId) {
        return translated(standings.of(apiSessionId))
                .thenApply(standing ->
                        standing.orElseThrow(() -> new AccessRefused(401, "The API Session has ended: log in again.")));
    }

    @Override
    public CompletionStage<String> ticket(Subject subject, TicketFor what) {
        return blocking(() -> controller.ticket(subject.apiSessionId(), what.json(), ends.of(subject)));
    }

    @Override
    public CompletionStage<Redeemed> redeem(String ticket) {
        return blocking(() -> controller.take(ticket))
                .thenApply(taken -> taken.orElseThrow(() -> new AccessRefused(401, "It is no ticket, or no more.")))
                .thenApply(taken -> new Redeemed(
                        new Subject(
                                taken.identityId(),
                                taken.identityName(),
                                taken.apiSessionId(),
                                taken.isAdmin(),
                                taken.tokenExpiresAt()),
                        new TicketFor(taken.purpose())));
    }

    @Override
    public void ended(Subject subject) {
        standings.forget(Set.of(subject.apiSessionId()));
    }

    @Override
    public void onChange(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    /** What the feed tells; one call at a time. */
    void changed(Set<String> concerned) {
        standings.forget(concerned);
        for (Consumer<Set<String>> listener : listeners) {
            try {
                listener.accept(concerned);
            } catch (RuntimeException e) {
                LOG.errorf(e, "access.listener.failed");
            }
        }
    }

    @FunctionalInterface
    private interface Asking<T> {
        T get() throws ControllerTrouble;
    }

    private <T> CompletionStage<T> blocking(Asking<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                result.complete(call.get());
            } catch (ControllerTrouble | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return translated(result);
    }

    private static <T> CompletionStage<T> translated(CompletionStage<T> stage) {
        return stage.exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(
                    cause instanceof ControllerTrouble trouble ? translated(trouble) : cause);
        });
    }

    private static AccessRefused translated(ControllerTrouble trouble) {
        if (trouble.kind() != ControllerTrouble.Kind.NOT_FOUND) {
            LOG.warnf("access.unconfirmed kind=%s reason=%s", trouble.kind(), trouble.getMessage());
        }
        return switch (trouble.kind()) {
            case AWAY, REFUSED -> new AccessRefused(503, AWAY);
            case FORBIDDEN -> new AccessRefused(503, FORBIDDEN);
            case BUSY -> new AccessRefused(429, "Too many requests for rights or tickets at once. Try again later.");
            case NOT_FOUND -> new AccessRefused(401, "The API Session has ended: log in again.");
        };
    }

    private static AccessRefused refused(String why) {
        return new AccessRefused(401, "The token is worth nothing here: " + why + ".");
    }
}
