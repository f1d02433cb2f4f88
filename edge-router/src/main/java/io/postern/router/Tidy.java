package io.postern.router;

import java.time.Duration;
import java.util.List;

/**
 * On machines that are short of memory: gives back what a start leaves on the heap, half of it, and twice more when the model
 * and the first clients have had time to come.
 */
final class Tidy {
    private static final List<Duration> LATER = List.of(Duration.ofSeconds(5), Duration.ofSeconds(20));

    private Tidy() {}

    static void afterStart() {
        if (Boolean.getBoolean("postern.tidy-after-start")) {
            System.gc();
            Thread.ofPlatform().daemon().name("tidy").start(Tidy::later);
        }
    }

    private static void later() {
        try {
            for (Duration wait : LATER) {
                Thread.sleep(wait);
                System.gc();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
