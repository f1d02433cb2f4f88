package io.postern.controller.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.controller.ControllerTest;
import io.postern.controller.network.NetworkLoop;
import io.postern.controller.testing.Passage;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@ControllerTest
@Timeout(120)
class ClaimTest {
    /** Longer than the claim waits before it tries again. */
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    @Inject
    Vertx vertx;

    @Inject
    NetworkLoop network;

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private Passage passage;
    private Pool pool;
    private Claim claim;

    private record Config(Duration claim) implements ReplicaConfig {
        @Override
        public Duration beat() {
            throw new AssertionError();
        }

        @Override
        public Duration silence() {
            throw new AssertionError();
        }

        @Override
        public Duration forget() {
            throw new AssertionError();
        }
    }

    @BeforeEach
    void open() throws IOException {
        passage = new Passage();
        pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(passage.server())
                .using(vertx)
                .build();
        claim = new Claim(pool, network, new Config(Duration.ofMillis(100)));
        claim.hear("controllers_of_claim_test", heard::incrementAndGet);
    }

    @AfterEach
    void close() throws Exception {
        claim.stop();
        pool.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        passage.close();
    }

    private void hold() {
        claim.hold("claim-test", new Claim.Outcome() {
            @Override
            public void held() {
                held.incrementAndGet();
            }

            @Override
            public void taken() {
                taken.incrementAndGet();
            }
        });
    }

    /** Two at once, each with a connection of its own, would take the id from each other, and the controller would end. */
    @Test
    void aConnectionThatBreaksWhileItIsAskedIsMadeAnewOnce() {
        passage.breakAt("listen controllers_of_claim_test");
        hold();
        await().untilAsserted(() -> assertThat(held).hasValue(1));
        await().during(A_WHILE).until(() -> held.get() == 1 && taken.get() == 0 && passage.taken() == 2);
    }

    @Test
    void anIdThatAnotherHasIsTaken() {
        hold();
        await().untilAsserted(() -> assertThat(held).hasValue(1));
        hold();
        await().untilAsserted(() -> assertThat(taken).hasValue(1));
        assertThat(held).hasValue(1);
    }

    @Test
    void whatIsToldIsHeardOnceAConnectionIsThere() {
        hold();
        await().untilAsserted(() -> assertThat(heard).hasValue(1));
        pool.query("notify controllers_of_claim_test").execute();
        await().untilAsserted(() -> assertThat(heard).hasValue(2));
    }
}
