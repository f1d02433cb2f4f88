package io.postern.controller.boot;

import io.postern.transport.Listening;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Refuses to start where another program listens already. Tests listen at a port of their own. */
@Singleton
class PortCheck {
    /** Before what else begins at the start. */
    private static final int FIRST = 1;

    void look(@Observes @Priority(FIRST) StartupEvent event, PosternConfig config) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            Listening.complaint(config.bind().host(), config.bind().port()).ifPresent(why -> {
                throw StartRefusal.ADDRESS.because(why + "; postern.bind.host and postern.bind.port say where");
            });
        }
    }
}
