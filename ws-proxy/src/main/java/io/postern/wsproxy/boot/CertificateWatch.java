package io.postern.wsproxy.boot;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Looks at the certificate's files from time to time and shows new connections the new one. A broken file changes nothing. */
@Singleton
public class CertificateWatch {
    private static final Logger LOG = Logger.getLogger(CertificateWatch.class);

    private final Vertx vertx;
    private final ProxyConfig config;
    private final ServerKeys keys;
    private volatile List<String> seen = List.of();

    CertificateWatch(
            Vertx vertx,
            ProxyConfig config,
            @io.smallrye.common.annotation.Identifier(ServerKeys.NAME) ServerKeys keys) {
        this.vertx = vertx;
        this.config = config;
        this.keys = keys;
    }

    void start(@Observes StartupEvent event) {
        List<Path> files = keys.files();
        if (files.isEmpty()) {
            return;
        }
        seen = marks(files);
        vertx.setPeriodic(
                config.tls().check().toMillis(),
                timer -> vertx.executeBlocking(() -> {
                    look();
                    return null;
                }));
    }

    private void look() {
        List<String> now = marks(keys.files());
        if (now.equals(seen)) {
            return;
        }
        try {
            keys.reload();
            seen = now;
            LOG.infof("tls.reloaded until=%s", keys.end());
        } catch (RuntimeException e) {
            // half-written files are read again at the next look
            LOG.warnf("tls.notReloaded cause=%s", e.getMessage());
        }
    }

    private static List<String> marks(List<Path> files) {
        List<String> marks = new ArrayList<>();
        for (Path file : files) {
            try {
                marks.add(Files.getLastModifiedTime(file) + " " + Files.size(file) + " "
                        + Files.getAttribute(file, "unix:ino"));
            } catch (IOException | UnsupportedOperationException e) {
                marks.add("unreadable");
            }
        }
        return marks;
    }
}
