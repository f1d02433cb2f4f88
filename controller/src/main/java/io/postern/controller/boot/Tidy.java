package io.postern.controller.boot;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** On machines that are short of memory: gives back what a start leaves on the heap, before anybody is served. */
@Singleton
class Tidy {
    void start(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        if (Boolean.getBoolean("postern.tidy-after-start")) {
            System.gc();
        }
    }
}
