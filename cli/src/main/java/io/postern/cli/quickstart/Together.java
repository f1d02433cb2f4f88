package io.postern.cli.quickstart;

import io.postern.cli.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Things done beside each other; the first failure is everybody's. */
final class Together {
    private final List<FutureTask<?>> tasks = new ArrayList<>();

    void start(Callable<?> step) {
        FutureTask<?> task = new FutureTask<>(step);
        tasks.add(task);
        Thread.ofVirtual().start(task);
    }

    void await() throws IOException, InterruptedException {
        for (FutureTask<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException failure -> throw failure;
                    case Failure failure -> throw failure;
                    default -> throw new IOException(e.getCause());
                }
            }
        }
    }
}
