package io.postern.wsproxy.engine;

import io.postern.client.PosternClient;
import io.postern.client.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The hosts there are: sockets of the configuration, and overlay services that carry a {@value #CONFIG} and that this
 * proxy may dial. Where both have a name, the socket wins. Thread-safe.
 */
public final class Hosts implements AutoCloseable {
    /** The config type that makes a service a container host. */
    public static final String CONFIG = "containers.v1";

    private static final Logger LOG = Logger.getLogger(Hosts.class);
    private static final Duration SOONEST = Duration.ofSeconds(1);

    private final Map<HostName, HostDialer> local = new HashMap<>();
    private final @Nullable PosternClient overlay;
    private final ReentrantLock refreshing = new ReentrantLock();
    private final @Nullable Thread refresher;
    private volatile Map<HostName, HostDialer> remote = Map.of();
    private volatile Instant refreshed = Instant.EPOCH;
    private volatile boolean open = true;

    /** @param overlay null for local sockets only; stays the caller's */
    public Hosts(Map<HostName, Path> sockets, @Nullable PosternClient overlay, EngineOptions options) {
        sockets.forEach((name, socket) -> local.put(name, new UnixDialer(name, socket)));
        this.overlay = overlay;
        this.refresher =
                overlay == null ? null : Thread.ofVirtual().name("hosts").start(() -> keepFresh(options.refresh()));
    }

    public List<HostName> names() {
        Set<String> all = new TreeSet<>();
        local.keySet().forEach(name -> all.add(name.value()));
        remote.keySet().forEach(name -> all.add(name.value()));
        return all.stream().map(HostName::new).toList();
    }

    /** Blocks when the host is unknown and the overlay was not asked just now; not on a loop. @throws EngineRefusal */
    HostDialer dialer(HostName host) {
        HostDialer known = known(host);
        if (known == null && overlay != null) {
            refresh(SOONEST);
            known = known(host);
        }
        if (known == null) {
            throw new EngineRefusal(EngineRefusal.Code.HOST_UNKNOWN, "there is no container host " + host);
        }
        return known;
    }

    @Nullable
    HostDialer known(HostName host) {
        HostDialer socket = local.get(host);
        return socket != null ? socket : remote.get(host);
    }

    private void keepFresh(Duration every) {
        while (open) {
            refresh(Duration.ZERO);
            try {
                Thread.sleep(every);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void refresh(Duration unlessYoungerThan) {
        refreshing.lock();
        try {
            if (overlay == null || Instant.now().isBefore(refreshed.plus(unlessYoungerThan))) {
                return;
            }
            Map<HostName, HostDialer> found = new HashMap<>();
            for (Service service : overlay.services()) {
                if (service.permissions().contains("Dial") && service.config().has(CONFIG)) {
                    HostName name = new HostName(service.name());
                    HostDialer before = remote.get(name);
                    found.put(name, before == null ? new OverlayDialer(name, overlay) : before);
                }
            }
            List<HostName> gone = new ArrayList<>(remote.keySet());
            gone.removeAll(found.keySet());
            found.keySet().stream()
                    .filter(name -> !remote.containsKey(name))
                    .forEach(name -> LOG.infof("host.known host=%s", name));
            gone.forEach(name -> LOG.infof("host.gone host=%s", name));
            remote = Map.copyOf(found);
            refreshed = Instant.now();
        } catch (java.io.IOException | RuntimeException e) {
            LOG.warnf("hosts.stale cause=%s", e.getMessage());
        } finally {
            refreshing.unlock();
        }
    }

    @Override
    public void close() {
        open = false;
        if (refresher != null) {
            refresher.interrupt();
        }
    }
}
