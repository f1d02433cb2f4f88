package io.postern.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** An open connection that carries 1 KiB to and fro every 100 ms (mode S). */
final class Stream implements AutoCloseable {
    private final String label;
    private final Proc proc;

    private Stream(String label, Proc proc) {
        this.label = label;
        this.proc = proc;
    }

    static Stream open(World world, Client dialer, Host host, boolean encrypted, int seconds)
            throws IOException, InterruptedException {
        Proc proc = dialer.run(
                "stream-" + host.lane(),
                Map.of("LANE_TIMEOUT", Integer.toString(seconds + 60)),
                "dial",
                world.file("dial", dialer).toString(),
                world.service(host.lane(), encrypted),
                "S",
                Long.toString(seconds * 10L * 1024));
        Stream stream = new Stream(dialer.lane() + ">" + host.lane(), proc);
        try {
            stream.ticks(1, Duration.ofSeconds(60));
        } catch (Failed | InterruptedException e) {
            proc.kill();
            throw e;
        }
        return stream;
    }

    /** Waits until n more rounds went to and fro. */
    void ticks(int n, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (int i = 0; i < n; i++) {
            String line = proc.await(
                    "answer on " + label,
                    text -> text.startsWith("TICK ") || text.startsWith("RESULT "),
                    Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            if (line.startsWith("RESULT ")) {
                throw new Failed(label + " ended: " + line);
            }
        }
    }

    /** Waits for the stream's end; its RESULT line. */
    String ended(Duration limit) throws InterruptedException {
        return proc.await("end of " + label, text -> text.startsWith("RESULT "), limit);
    }

    @Override
    public void close() {
        proc.kill();
    }
}
