package io.postern.wsproxy.hub;

import io.postern.wsproxy.engine.ContainerEvent;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.HostName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Follows the events of hosts on which there are consoles, and of no others. Any thread. */
final class Watches {
    private final Engines engines;
    private final Set<Console> consoles;
    private final Map<HostName, Watch> watches = new HashMap<>();

    private static final class Watch {
        private final CompletionStage<AutoCloseable> handle;
        private int consoles = 1;

        Watch(CompletionStage<AutoCloseable> handle) {
            this.handle = handle;
        }
    }

    Watches(Engines engines, Set<Console> consoles) {
        this.engines = engines;
        this.consoles = consoles;
    }

    synchronized void opened(HostName host) {
        Watch known = watches.get(host);
        if (known != null) {
            known.consoles++;
        } else {
            watches.put(host, new Watch(engines.events(host, event -> tell(host, event))));
        }
    }

    synchronized void closed(HostName host) {
        Watch known = watches.get(host);
        if (known != null && --known.consoles == 0) {
            watches.remove(host);
            known.handle.thenAccept(Watches::end);
        }
    }

    private static void end(AutoCloseable handle) {
        try {
            handle.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void tell(HostName host, ContainerEvent event) {
        for (Console console : consoles) {
            if (console.container().host().equals(host)
                    && console.container().id().equals(event.containerId())) {
                console.happened(event);
            }
        }
    }
}
