package io.postern.controller.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Passage;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@ControllerTest
@Timeout(60)
class DatabasePoolTest {
    /** More than both kernels buffer for a connection. */
    private static final String MUCH = "x".repeat(48 << 20);

    private static final String LOCK = "select pg_advisory_xact_lock(8101975)";

    @Inject
    Vertx vertx;

    private Passage passage;
    private Pool pool;

    @BeforeEach
    void open() throws IOException {
        passage = new Passage();
        pool = poolOfOne();
    }

    private Pool poolOfOne() {
        return new DatabasePool(Duration.ofSeconds(1)).create(new PgPoolCreator.Input() {
            @Override
            public Vertx vertx() {
                return vertx;
            }

            @Override
            public PoolOptions poolOptions() {
                return new PoolOptions().setMaxSize(1);
            }

            @Override
            public List<PgConnectOptions> pgConnectOptionsList() {
                return List.of(passage.server());
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        passage.close();
        await(pool.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
    }

    private static double up(MeterRegistry registry) {
        return registry.get("postern.database.up").gauge().value();
    }

    private Future<Integer> length(String text) {
        return pool.preparedQuery("select length($1)")
                .execute(Tuple.of(text))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /** TCP alone would go on for a quarter of an hour. */
    @Test
    void aDatabaseThatAcknowledgesNothingIsGivenUpAndComesBack() throws Exception {
        assertThat(await(length("four"))).isEqualTo(4);
        passage.stop();
        assertThatThrownBy(() -> await(length(MUCH))).isInstanceOf(ExecutionException.class);
        passage.open();
        // the pool may hand out the dead one once more
        assertThat(await(length("four").recover(dead -> length("four")))).isEqualTo(4);
    }

    /** A process that is frozen, or whose machine vanished, says nothing more and closes nothing. */
    @Test
    void whoStandsStillInATransactionKeepsNobodyWaiting() throws Exception {
        SqlConnection still = await(pool.getConnection());
        await(still.query("begin").execute());
        await(still.query(LOCK).execute());
        Pool other = poolOfOne();
        try {
            await(other.query(LOCK).execute());
        } finally {
            await(other.close());
        }
        assertThatThrownBy(() -> await(still.query("commit").execute())).isInstanceOf(ExecutionException.class);
    }

    @Test
    void theGaugeSaysWhetherItAnswers() throws Exception {
        var registry = new SimpleMeterRegistry();
        var gauge = new DatabaseGauge(registry, vertx, pool, Duration.ofMillis(50));
        gauge.start(new StartupEvent());
        try {
            assertThat(up(registry)).isEqualTo(1);
            passage.stop();
            Awaitility.await().until(() -> up(registry) == 0);
            passage.open();
            passage.cut();
            Awaitility.await().until(() -> up(registry) == 1);
        } finally {
            gauge.stop(new ShutdownEvent());
        }
    }

    @Test
    void aSilenceThatCannotBeKeptIsRefused() {
        for (Duration silence : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(365))) {
            assertThatThrownBy(() -> new DatabasePool(silence)).hasMessageContaining("postern.db.silence");
        }
    }

    @Test
    void nobodyWaitsInAQueueWithoutEnd() throws Exception {
        SqlConnection only = await(pool.getConnection());
        List<Future<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < DatabasePool.MOST_WAIT; i++) {
            waiting.add(length("four"));
        }
        assertThatThrownBy(() -> await(length("four"))).hasCauseInstanceOf(ConnectionPoolTooBusyException.class);
        await(only.close());
        for (Future<Integer> each : waiting) {
            assertThat(await(each)).isEqualTo(4);
        }
    }
}
