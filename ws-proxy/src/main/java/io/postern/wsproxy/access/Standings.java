package io.postern.wsproxy.access;

import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.Controller.Standing;
import io.postern.wsproxy.controller.ControllerTrouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Who stands behind API Sessions, believed for two seconds or until a change is told. Who asks while somebody is asking
 * already gets the same answer, unless a change was told in between. Any thread; nobody waits here.
 */
final class Standings {
    static final long BELIEVED = Duration.ofSeconds(2).toNanos();
    private static final int MOST = 20_000;
    private static final int MOST_ASKED = 1_000;

    /** @param standing empty when the API Session has ended */
    private record Known(Optional<Standing> standing, long at) {}

    private final Controller controller;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<Optional<Standing>>> asked = new HashMap<>();

    Standings(Controller controller, Executor executor, LongSupplier nanoTime) {
        this.controller = controller;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** Empty when it has ended. Fails with {@link ControllerTrouble} as the cause. */
    CompletionStage<Optional<Standing>> of(String apiSessionId) {
        CompletableFuture<Optional<Standing>> answer;
        synchronized (this) {
            Known last = known.get(apiSessionId);
            if (last != null && nanoTime.getAsLong() - last.at() < BELIEVED) {
                return CompletableFuture.completedFuture(last.standing());
            }
            CompletableFuture<Optional<Standing>> running = asked.get(apiSessionId);
            if (running != null) {
                return running;
            }
            if (asked.size() >= MOST_ASKED) {
                return CompletableFuture.failedFuture(
                        new ControllerTrouble(ControllerTrouble.Kind.BUSY, "too many ask for their rights at once"));
            }
            answer = new CompletableFuture<>();
            asked.put(apiSessionId, answer);
        }
        executor.execute(() -> ask(apiSessionId, answer));
        return answer;
    }

    private void ask(String apiSessionId, CompletableFuture<Optional<Standing>> answer) {
        long before = nanoTime.getAsLong();
        try {
            Optional<Standing> standing = Optional.ofNullable(
                    controller.standings(List.of(apiSessionId), false).get(apiSessionId));
            synchronized (this) {
                // an answer that a change overtook is given to who asked before it, and not kept
                if (asked.remove(apiSessionId, answer)) {
                    keep(apiSessionId, new Known(standing, before));
                }
            }
            answer.complete(standing);
        } catch (ControllerTrouble | RuntimeException e) {
            synchronized (this) {
                asked.remove(apiSessionId, answer);
            }
            answer.completeExceptionally(e);
        }
    }

    private void keep(String apiSessionId, Known standing) {
        known.remove(apiSessionId);
        Iterator<Known> oldest = known.values().iterator();
        while (oldest.hasNext() && (standing.at() - oldest.next().at() >= BELIEVED || known.size() >= MOST)) {
            oldest.remove();
        }
        known.put(apiSessionId, standing);
    }

    /** @param concerned ids of identities and API Sessions; empty is everybody */
    synchronized void forget(Set<String> concerned) {
        if (concerned.isEmpty()) {
            known.clear();
            asked.clear();
            return;
        }
        known.entrySet()
                .removeIf(entry -> concerned.contains(entry.getKey())
                        || entry.getValue()
                                .standing()
                                .map(standing -> concerned.contains(standing.identityId()))
                                .orElse(false));
        // whose identity is not known yet may be concerned
        asked.clear();
    }
}
