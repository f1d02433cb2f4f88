package io.postern.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.router.config.RouterConfig;
import io.postern.wire.edgectrl.pb.DataState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several routers that share a process. */
class RouterNodesTest {
    @TempDir
    Path folder;

    private RouterRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new RouterRig(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private RouterNodes started(String... routerIds) throws Exception {
        List<RouterConfig> configs = new ArrayList<>();
        for (String routerId : routerIds) {
            configs.add(rig.config(routerId, RouterRig.EDGE));
        }
        RouterNodes nodes = new RouterNodes(configs, rig.loops);
        nodes.start();
        return nodes;
    }

    @Test
    void eachIsARouterOfItsOwn() throws Exception {
        try (RouterNodes nodes = started("ra", "rb")) {
            assertThat(rig.controller.router("ra").channel).isNotSameAs(rig.controller.router("rb").channel);
            assertThat(nodes.all().get(0).edgeAddresses())
                    .isNotEqualTo(nodes.all().get(1).edgeAddresses());
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> rig.controller.routers.values().stream().noneMatch(one -> one.channel.isOpen()));
    }

    @Test
    void metricsSayWhoseTheyAreWhereThereAreSeveral() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (RouterNodes nodes = started("ra", "rb")) {
            nodes.measures().forEach(measure -> measure.register(registry));
            assertThat(registry.get("postern.links").gauges())
                    .extracting(gauge -> gauge.getId().getTag("router"))
                    .containsExactlyInAnyOrder("ra", "rb");
            assertThat(registry.getMeters())
                    .extracting(Meter::getId)
                    .allMatch(id -> id.getTag("router") != null)
                    .hasSameSizeAs(nodes.measures());
        }
    }

    @Test
    void metricsOfOneNeedNoName() throws Exception {
        try (RouterNodes nodes = started("ra")) {
            assertThat(nodes.measures())
                    .allMatch(measure -> measure.labels().stream()
                            .noneMatch(tag -> tag.getKey().equals("router")));
        }
    }

    @Test
    void healthTellsOfEachAndWaitsForAll() throws Exception {
        RouterHealth health = new RouterHealth();
        assertThat(health.ready().call().getStatus()).isEqualTo(Status.DOWN);
        try (RouterNodes nodes = started("ra", "rb")) {
            health.watch(nodes.all());
            assertThat(health.ready().call().getData().orElseThrow()).containsKeys("ra.links", "rb.links");
            RouterRig.model(rig.controller.router("ra"), DataState.getDefaultInstance());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> nodes.all().getFirst().model().ready());
            assertThat(health.ready().call().getStatus()).isEqualTo(Status.DOWN);
            RouterRig.model(rig.controller.router("rb"), DataState.getDefaultInstance());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> health.ready().call().getStatus() == Status.UP);
            nodes.drain();
            assertThat(health.ready().call().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.ready().call().getData().orElseThrow())
                    .containsEntry("ra.draining", true)
                    .containsEntry("rb.draining", true);
        }
    }
}
