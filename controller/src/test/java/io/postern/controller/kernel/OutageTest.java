package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.api.Refusal;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class OutageTest {
    private static PgException told(String state) {
        return new PgException("words", "FATAL", state, "detail");
    }

    @Test
    void aServerThatStopsIsFullOrStartsIsAway() {
        for (String state : new String[] {"57P01", "57P03", "53300", "08006", "25P03"}) {
            assertThat(Outage.refusal(new CompletionException(told(state)))
                            .orElseThrow()
                            .code()
                            .httpStatus())
                    .as(state)
                    .isEqualTo(503);
        }
    }

    @Test
    void aStatementThatIsWrongIsOurFault() {
        for (String state : new String[] {"42601", "23505", "22001", "57014"}) {
            assertThat(Outage.refusal(told(state))).as(state).isEmpty();
        }
        assertThat(Outage.refusal(new IllegalStateException("words"))).isEmpty();
        assertThat(Outage.refusal(Refusal.of(io.postern.api.ErrorCode.NOT_FOUND)))
                .isEmpty();
    }

    @Test
    void aNetworkThatBreaksIsAway() {
        for (Exception failure : List.of(
                new NoRouteToHostException("words"),
                new UnknownHostException("words"),
                new ConnectionPoolTooBusyException("words"))) {
            assertThat(Outage.refusal(new CompletionException(failure)))
                    .as(failure.getClass().getName())
                    .isPresent();
        }
    }

    @Test
    void aConnectionThatClosedAsItWasGivenOutIsAway() {
        Throwable said = new NoStackTraceThrowable("Connection is not active now, current status: CLOSED");
        assertThat(Outage.refusal(new CompletionException(said))).isPresent();
        assertThat(Outage.refusal(new NoStackTraceThrowable("words"))).isEmpty();
    }

    @Test
    void whatTheDriverSaysOfAPortWhereNobodyListensIsUnderstood() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var pool = PgBuilder.pool()
                .with(new PoolOptions())
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(free)
                        .setUser("nobody")
                        .setDatabase("nothing"))
                .build();
        try {
            Throwable failure = Assertions.catchThrowable(() -> pool.query("select 1")
                    .execute()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS));
            assertThat(failure).isInstanceOf(ExecutionException.class);
            assertThat(Outage.refusal(failure)).isPresent();
        } finally {
            pool.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }
}
