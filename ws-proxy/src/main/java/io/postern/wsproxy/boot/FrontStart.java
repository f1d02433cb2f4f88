package io.postern.wsproxy.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.postern.wsproxy.access.Access;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.engine.ArchiveIn;
import io.postern.wsproxy.engine.ArchiveOut;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.front.Copies;
import io.postern.wsproxy.front.Front;
import io.postern.wsproxy.front.FrontSettings;
import io.postern.wsproxy.front.Logins;
import io.postern.wsproxy.front.Urls;
import io.postern.wsproxy.hub.Consoles;
import io.postern.wsproxy.recording.Recordings;
import io.postern.wsproxy.zun.ZunRoutes;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Opens the door once the rooms behind it are there. */
@Singleton
public class FrontStart {
    private final Vertx vertx;
    private final ProxyConfig config;
    private final Access access;
    private final Containers containers;
    private final Consoles consoles;
    private final Logins logins;
    private final MeterRegistry metrics;
    private final Engines engines;
    private final Recordings recordings;
    private final Audit audit;

    FrontStart(
            Vertx vertx,
            ProxyConfig config,
            Access access,
            Containers containers,
            Consoles consoles,
            Logins logins,
            MeterRegistry metrics,
            Engines engines,
            Recordings recordings,
            Audit audit) {
        this.vertx = vertx;
        this.config = config;
        this.access = access;
        this.containers = containers;
        this.consoles = consoles;
        this.logins = logins;
        this.metrics = metrics;
        this.engines = engines;
        this.recordings = recordings;
        this.audit = audit;
    }

    void open(@Observes Router router) {
        FrontSettings settings = settings(config);
        Front front = new Front(
                vertx, settings, access, containers, consoles, logins, copies(), Optional.of(recordings), audit);
        front.install(router);
        if (settings.zun()) {
            new ZunRoutes(front, containers, new Urls(settings.publicUrl())).install(router);
        }
        Gauge.builder("postern.console.sockets", front.opening(), opening -> opening.sockets())
                .description("Open WebSockets of consoles")
                .register(metrics);
        Gauge.builder("postern.console.seats", consoles, hub -> hub.present().size())
                .description("Clients that sit at a console")
                .register(metrics);
    }

    private Copies copies() {
        return new Copies() {
            @Override
            public CompletionStage<ArchiveOut> out(
                    ContainerFacts container, String path, EventLoop loop, ArchiveOut.Sink sink) {
                return engines.archiveOut(container, path, loop, sink);
            }

            @Override
            public CompletionStage<ArchiveIn> in(
                    ContainerFacts container, String path, EventLoop loop, Runnable writable) {
                return engines.archiveIn(container, path, loop, writable);
            }
        };
    }

    static FrontSettings settings(ProxyConfig config) {
        List<String> names = new ArrayList<>(config.names().orElse(List.of()));
        if (!config.bind().equals("0.0.0.0") && !config.bind().equals("::")) {
            names.add(config.bind().contains(":") ? "[" + config.bind() + "]" : config.bind());
        }
        config.publicUrl().map(Urls::authority).ifPresent(names::add);
        ProxyConfig.Limits limits = config.limits();
        return new FrontSettings(
                names,
                config.origins().orElse(List.of()),
                config.trustedProxies().orElse(List.of()),
                config.publicUrl(),
                new FrontSettings.Rate(limits.handshakes(), limits.handshakeBurst()),
                new FrontSettings.Rate(limits.logins(), limits.loginBurst()),
                limits.sockets(),
                limits.archive(),
                config.ping(),
                config.silence(),
                config.zun());
    }
}
