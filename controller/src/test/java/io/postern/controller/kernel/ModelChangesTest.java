package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.postern.controller.ControllerTest;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.testing.Admin;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@ControllerTest
class ModelChangesTest {
    private final ModelChanges changes;
    private final Pool pool;
    private final Vertx vertx;

    ModelChangesTest(ModelChanges changes, Pool pool, Vertx vertx) {
        this.changes = changes;
        this.pool = pool;
        this.vertx = vertx;
    }

    /** What was committed between the reading of the model and the first connection that listens. */
    @Test
    void allThatFollowsTheBeginningIsTold() {
        long before = changes.lastIndex().await().atMost(Duration.ofSeconds(60));
        List<Long> told = new CopyOnWriteArrayList<>();
        var late = new ModelChangeFeed(pool, vertx);
        late.observe(set -> told.add(set.index()));
        try {
            String router = Admin.create("edge-routers", "{\"name\":\"early\"}");
            Admin.admin().delete("edge-routers/" + router).then().statusCode(200);
            assertThat(told).isEmpty();
            late.begin(before);
            await().atMost(Duration.ofSeconds(60)).until(() -> told.size() >= 3);
            assertThat(told.subList(0, 3)).containsExactly(before, before + 1, before + 2);
            assertThatIllegalStateException().isThrownBy(() -> late.begin(before));
        } finally {
            late.stop(null);
        }
    }

    @Test
    void everyCommitIsToldOnceInTheOrderOfItsIndex() {
        long before = changes.lastIndex().await().atMost(Duration.ofSeconds(60));
        List<ModelChangeSet> told = new CopyOnWriteArrayList<>();
        // what an earlier test changed may be told only now
        Runnable end = changes.observe(set -> {
            if (set.index() > before) {
                told.add(set);
            }
        });
        try {
            String router = Admin.create("edge-routers", "{\"name\":\"numbered\",\"isTunnelerEnabled\":true}");
            Admin.sending("{\"name\":\"numbered\",\"cost\":-1}")
                    .post("edge-routers")
                    .then()
                    .statusCode(400);
            Admin.sending("{\"cost\":5}").patch("edge-routers/" + router).then().statusCode(200);
            Admin.admin().delete("edge-routers/" + router).then().statusCode(200);
            await().atMost(Duration.ofSeconds(60)).until(() -> told.size() >= 3);
            assertThat(told.stream().mapToLong(ModelChangeSet::index))
                    .containsExactlyElementsOf(LongStream.rangeClosed(before + 1, before + 3)
                            .boxed()
                            .toList());
            assertThat(told.getFirst().changes())
                    .containsExactlyInAnyOrder(
                            new ModelChange("edgeRouter", router, Action.CREATE),
                            new ModelChange("identity", router, Action.CREATE),
                            new ModelChange("edgeRouterPolicy", router, Action.CREATE));
            assertThat(told.get(1).changes()).containsExactly(new ModelChange("edgeRouter", router, Action.UPDATE));
            assertThat(told.get(2).changes())
                    .contains(new ModelChange("identity", router, Action.DELETE))
                    .allMatch(change -> change.action() == Action.DELETE);
            assertThat(changes.since(before, 10).await().atMost(Duration.ofSeconds(60)))
                    .isEqualTo(told);
        } finally {
            end.run();
        }
    }
}
