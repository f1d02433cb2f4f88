package io.postern.wsproxy.recording;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/** The one thread that writes recordings. Its queue has each recording at most once. */
final class RecordingWriter {
    private static final Logger LOG = Logger.getLogger(RecordingWriter.class);

    private final LinkedBlockingQueue<Recording> ready = new LinkedBlockingQueue<>();
    private final Set<Recording> running = ConcurrentHashMap.newKeySet();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("recordings").unstarted(this::work);
    private volatile boolean open = true;

    void start() {
        thread.start();
    }

    void began(Recording recording) {
        running.add(recording);
    }

    void ended(Recording recording) {
        running.remove(recording);
    }

    boolean isRunning(RecordingId id) {
        return running.stream().anyMatch(recording -> recording.id().equals(id));
    }

    void submit(Recording recording) {
        ready.add(recording);
    }

    private void work() {
        Page page = new Page(128 * 1024);
        while (open || !running.isEmpty()) {
            try {
                Recording next = ready.poll(200, java.util.concurrent.TimeUnit.MILLISECONDS);
                if (next != null) {
                    next.write(page);
                }
            } catch (InterruptedException e) {
                open = false;
            } catch (RuntimeException e) {
                LOG.errorf(e, "recording.broken");
            }
        }
    }

    /** Ends what runs, writes it, and waits for that a while. */
    void close() {
        running.forEach(Recording::close);
        open = false;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
