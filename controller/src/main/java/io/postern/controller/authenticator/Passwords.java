package io.postern.controller.authenticator;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Callable;

/**
 * Hashes and checks passwords. Each costs 19 MiB and some 50 ms of a core, so two threads of their own do it, and no more
 * than two at a time.
 */
@Singleton
public class Passwords {
    private static final int THREADS = 2;

    private final WorkerExecutor workers;

    Passwords(Vertx vertx) {
        this.workers = vertx.createSharedWorkerExecutor("postern-passwords", THREADS);
    }

    @PreDestroy
    void stop() {
        workers.close();
    }

    public Uni<String> hash(String password) {
        return offload(() -> io.postern.pki.Passwords.hash(password));
    }

    /** Compares in constant time. A stored text that is no hash matches nothing. */
    public Uni<Boolean> verify(String stored, String password) {
        return offload(() -> io.postern.pki.Passwords.verify(password, stored));
    }

    /** Completes on the caller's context. */
    private <T> Uni<T> offload(Callable<T> work) {
        return Uni.createFrom()
                .completionStage(() -> workers.executeBlocking(work, false).toCompletionStage());
    }
}
