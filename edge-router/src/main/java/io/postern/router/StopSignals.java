package io.postern.router;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * What the process does when it is told to end: first a task, while everything still works, then it ends. Whoever tells it twice
 * has no patience.
 */
final class StopSignals {
    private static final int SIGNALLED = 128;
    private static final AtomicBoolean STOPPING = new AtomicBoolean();
    private static volatile Runnable first = () -> {};

    private StopSignals() {}

    /** SIGTERM asks for an orderly end, as systemd and Kubernetes do; Ctrl-C wants the terminal back at once. */
    static void listen() {
        Signal.handle(new Signal("TERM"), signal -> stop(signal.getNumber()));
    }

    /** @param task may block; whoever calls last is heard */
    static void before(Runnable task) {
        first = task;
    }

    private static void stop(int signal) {
        if (!STOPPING.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(SIGNALLED + signal);
        }
        Thread.ofPlatform().name("stop").start(() -> {
            try {
                first.run();
            } finally {
                System.exit(SIGNALLED + signal);
            }
        });
    }
}
