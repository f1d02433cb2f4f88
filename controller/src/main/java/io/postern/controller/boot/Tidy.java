package io.postern.controller.boot;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * On machines that are short of memory: gives back what a start leaves on the heap, before anybody is served, and twice more
 * when routers and clients have had time to come.
 */
@Singleton
class Tidy {
    private static final List<Duration> LATER = List.of(Duration.ofSeconds(5), Duration.ofSeconds(20));

    void start(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
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
