package io.postern.router;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.observe.ParentWatch;
import io.postern.router.config.InvalidConfig;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Runs {@link RouterNodes} on Quarkus's event loops until told to stop, or until its parent is gone. */
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
        RouterNodes nodes;
        try {
            nodes = new RouterNodes(RouterMain.configs(), vertx.nettyEventLoopGroup());
        } catch (InvalidConfig e) {
            LOG.error(e.getMessage());
            return RouterMain.CONFIG;
        }
        try (nodes) {
            nodes.start();
            health.watch(nodes.all());
            nodes.measures().forEach(measure -> measure.register(metrics));
            StopSignals.before(nodes::drain);
            ParentWatch.startWhereAsked(() -> Quarkus.asyncExit(0));
            Quarkus.waitForExit();
            return 0;
        } catch (CompletionException e) {
            LOG.error(e.getMessage());
            return RouterMain.FAILED;
        }
    }
}
