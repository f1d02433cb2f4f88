package io.postern.wsproxy.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.wsproxy.controller.Controller;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes the audit, starts it first and ends it last. */
@Singleton
public class AuditBeans {
    @Produces
    @Singleton
    @DefaultBean
    Audit audit(Controller controller, AuditConfig config, MeterRegistry registry) {
        return new ControllerAudit(controller, config.waiting(), InstantSource.system(), registry);
    }

    void start(@Observes @Priority(1) StartupEvent event, Audit audit) {
        if (audit instanceof ControllerAudit ours) {
            ours.start();
        }
    }

    /** After those who let consoles end. */
    void stop(@Observes @Priority(4_000) ShutdownEvent event, Audit audit, AuditConfig config) {
        if (audit instanceof ControllerAudit ours) {
            ours.stop(config.flush().toMillis());
        }
    }
}
