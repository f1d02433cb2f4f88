package io.postern.cli.tunnel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** How many connections there may be at once, and which there are. Closing ends them all. */
final class Places implements AutoCloseable {
    private final Semaphore free;
    private final Set<Thread> taken = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    Places(int most) {
        free = new Semaphore(most);
    }

    /** Waits for a place and runs {@code work} there, on a virtual thread of its own. */
    void take(String name, Runnable work) throws InterruptedException {
        free.acquire();
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                if (open) {
                    work.run();
                }
            } finally {
                taken.remove(Thread.currentThread());
                free.release();
            }
        });
        taken.add(thread);
        thread.start();
    }

    int busy() {
        return taken.size();
    }

    @Override
    public void close() {
        open = false;
        taken.forEach(Thread::interrupt);
    }
}
