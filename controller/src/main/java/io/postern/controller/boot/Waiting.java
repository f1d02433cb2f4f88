package io.postern.controller.boot;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** For what happens at a start, or seldom, on a thread that may block. */
public final class Waiting {
    private Waiting() {}

    /**
     * What becomes of it.
     *
     * @throws CompletionException it failed with something that is checked, did not come in time, or this thread is to end
     */
    public static <T> T on(Future<T> future, Duration limit) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new CompletionException("no answer within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
