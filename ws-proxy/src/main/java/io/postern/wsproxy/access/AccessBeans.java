package io.postern.wsproxy.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.client.IdentityFile;
import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.RestController;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Makes this room's things, and starts them when nobody stands in for them. */
@Singleton
public class AccessBeans {
    private @Nullable ChangeFeed feed;

    @Produces
    @Singleton
    @DefaultBean
    Controller controller(IdentityFile identity) {
        return new RestController(identity);
    }

    void close(@Disposes Controller controller) {
        if (controller instanceof RestController rest) {
            rest.close();
        }
    }

    @Produces
    @Singleton
    TokenEnds tokenEnds() {
        return new TokenEnds();
    }

    @Produces
    @Singleton
    @DefaultBean
    Access access(Controller controller, AccessConfig config, TokenEnds ends) {
        Set<String> issuers = new HashSet<>(config.issuers()
                .orElseGet(() -> controller.addresses().stream()
                        .map(address -> address + "/oidc")
                        .toList()));
        return new ControllerAccess(
                controller,
                new TokenCheck(Set.copyOf(issuers), config.audience()),
                ends,
                Executors.newVirtualThreadPerTaskExecutor(),
                InstantSource.system());
    }

    void start(
            @Observes StartupEvent event,
            Access access,
            jakarta.enterprise.inject.Instance<Controller> controller,
            MeterRegistry registry) {
        if (io.quarkus.arc.ClientProxy.unwrap(access) instanceof ControllerAccess ours) {
            ChangeFeed changes = new ChangeFeed(controller.get(), ours::changed);
            feed = changes;
            registry.gauge("postern.access.controller.connected", changes, each -> each.isConnected() ? 1 : 0);
            changes.start();
        }
    }

    void stop(@Observes Shutdown event) {
        if (feed != null) {
            feed.stop();
        }
    }
}
