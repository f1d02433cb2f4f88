package io.postern.controller.front;

import io.postern.controller.boot.PosternConfig;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Begins to load the TLS engine while the start waits for the database: {@link FrontTls} needs it soon after. */
@Singleton
final class FrontEngineStart {
    private static final int FIRST = 1;

    /** The router is the first that a start makes of what serves; whoever observes it next asks the database for keys. */
    void begin(@Observes @Priority(FIRST) Router router, PosternConfig config) {
        Thread.ofPlatform().daemon().name("tls-engine").start(() -> {
            try {
                config.https().engine().provider();
            } catch (LinkageError e) {
                // who needs it tells of it
            }
        });
    }
}
