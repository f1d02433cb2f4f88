package io.postern.trace;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Sends spans to a collector, in batches, from a thread of its own. Whoever gives a span never waits: when too many wait,
 * further ones are dropped and counted.
 */
final class OtlpExporter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OtlpExporter.class);
    private static final int WAITING = 8192;
    private static final int BATCH = 512;
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration LAST = Duration.ofSeconds(3);

    private final TraceSettings settings;
    private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(WAITING);
    private final LongAdder lost = new LongAdder();
    private final HttpClient http;
    private final Thread sender;
    private final long wallNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    private volatile boolean closed;

    OtlpExporter(TraceSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .build();
        this.sender = Thread.ofPlatform().daemon().name("traces").start(this::run);
    }

    void give(Span span) {
        if (!waiting.offer(span)) {
            lost.increment();
        }
    }

    private void run() {
        List<Span> batch = new ArrayList<>(BATCH);
        while (!closed || !waiting.isEmpty()) {
            try {
                Span first = waiting.poll(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    send(batch);
                }
            } catch (InterruptedException e) {
                LOG.debug("nobody ends this thread from outside", e);
            } finally {
                batch.clear();
            }
        }
    }

    private void send(List<Span> batch) throws InterruptedException {
        var request = HttpRequest.newBuilder(settings.traces())
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(OtlpJson.request(settings.resource(), batch, wallNanos)));
        settings.headers().forEach(request::setHeader);
        try {
            int status = status(request.build());
            if (status >= 300) {
                refused(batch, "status " + status);
            }
        } catch (IOException e) {
            refused(batch, String.valueOf(e.getMessage()));
        }
    }

    /** A collector may close the connection that was kept just as it is used: on a new one it takes the batch. */
    private int status(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (HttpTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private void refused(List<Span> batch, String why) {
        boolean first = lost.sum() == 0;
        lost.add(batch.size());
        LOG.logf(
                first ? Logger.Level.WARN : Logger.Level.DEBUG,
                "traces.lost count=%d collector=%s why=%s",
                lost.sum(),
                settings.traces(),
                why);
    }

    /** Sends what waits, for a few seconds at most. */
    @Override
    public void close() {
        // not by an interrupt, which would cut off the batch that is under way
        closed = true;
        try {
            sender.join(LAST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
