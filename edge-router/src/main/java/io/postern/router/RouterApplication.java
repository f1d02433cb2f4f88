package io.postern.router;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.observe.ParentWatch;
import io.postern.router.config.InvalidConfig;
import io.postern.router.config.RouterConfig;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Runs one {@link RouterNode} on Quarkus's event loops until told to stop, or until its parent is gone. */
public final class RouterApplication implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(RouterApplication.class);

    private final Vertx vertx;
    private final MeterRegistry metrics;
    private final RouterHealth health;

    RouterApplication(Vertx vertx, MeterRegistry metrics, RouterHealth health) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.health = health;
    }

    /** The group behind Vert.x is what Netty needs; the method is deprecated in favour of an internal one. */
    @SuppressWarnings("deprecation")
    @Override
    public int run(String... arguments) throws IOException {
        RouterNode node;
        RouterConfig config;
        try {
            config = RouterConfig.read(Path.of(System.getProperty(RouterMain.CONFIG_PROPERTY, "")));
            node = new RouterNode(config, vertx.nettyEventLoopGroup());
        } catch (InvalidConfig e) {
            LOG.error(e.getMessage());
            return RouterMain.CONFIG;
        }
        try (node) {
            node.start();
            health.watch(node);
            node.measures().forEach(measure -> measure.register(metrics));
            StopSignals.before(() -> node.drain(config.drain()));
            ParentWatch.startWhereAsked(() -> Quarkus.asyncExit(0));
            Quarkus.waitForExit();
            return 0;
        } catch (CompletionException e) {
            LOG.error(e.getMessage());
            return RouterMain.FAILED;
        }
    }
}
