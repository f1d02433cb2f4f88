package io.postern.controller.boot;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The pool of connections to the database, with bounds that it has not by itself. A machine that vanished closes no connection: this
 * end gives one up when nothing on it is acknowledged (TCP alone goes on for a quarter of an hour), and has the database do the same,
 * and roll back a transaction that hears no more of this controller, whose rows would stay locked for two hours, or for as long as a
 * process is frozen. The pool is made when Hibernate begins to be put together, so that what a start needs of the database logs in
 * beside that.
 */
@Singleton
public class DatabasePool implements PgPoolCreator {
    private static final Logger LOG = Logger.getLogger(DatabasePool.class);

    /** Who finds that many waiting for a connection is told so, and may try again. */
    static final int MOST_WAIT = 4096;

    private static final Duration LEAST = Duration.ofSeconds(1);

    /** The boot makes one more; with these the model is read and the claim held. A login takes a core for milliseconds. */
    private static final int AT_START = 2;

    /** A machine that vanished loses its connections, and the locks on them, in half a minute. */
    private static final String NOTICE_DEATH =
            "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

    private final Duration silence;

    @Inject
    DatabasePool(PosternConfig config) {
        this(config.db().silence());
    }

    /** Refuses to start where the silence is shorter than a second, or longer than three weeks. */
    DatabasePool(Duration silence) {
        if (silence.compareTo(LEAST) < 0 || silence.toMillis() > Integer.MAX_VALUE) {
            throw StartRefusal.SETTING.because("postern.db.silence is " + silence + ": it takes from " + LEAST + " to "
                    + Duration.ofMillis(Integer.MAX_VALUE).toDays() + " days");
        }
        this.silence = silence;
    }

    @Override
    public Pool create(Input input) {
        List<PgConnectOptions> servers = input.pgConnectOptionsList();
        servers.forEach(this::bound);
        PoolOptions options = bounded(input.poolOptions());
        Pool pool = PgBuilder.pool()
                .with(options)
                .connectingTo(List.<SqlConnectOptions>copyOf(servers))
                .using(input.vertx())
                .withConnectHandler(this::begin)
                .build();
        logIn(pool, Math.min(AT_START, options.getMaxSize()));
        return pool;
    }

    /** A login takes milliseconds of a core that is idle now. One that fails is told of by whoever needs a connection. */
    private static void logIn(Pool pool, int connections) {
        for (int i = 0; i < connections; i++) {
            pool.getConnection().onSuccess(SqlConnection::close);
        }
    }

    private void bound(PgConnectOptions server) {
        int millis = (int) silence.toMillis();
        server.setConnectTimeout(millis).setTcpUserTimeout(millis);
    }

    /** By statements, for poolers between refuse parameters of a login that they do not know. */
    private void begin(SqlConnection connection) {
        connection
                .query(NOTICE_DEATH + "; set idle_in_transaction_session_timeout = " + silence.toMillis())
                .execute()
                .onFailure(failure -> LOG.debugf(failure, "database.settings")) // who uses the connection hears of it
                .onComplete(done -> connection.close());
    }

    /**
     * A wait for a connection ends with the ones under way, which end by the silence; the driver's own limit for it is off,
     * since it tells of each query that failed to connect once more, as an error of nobody, when that limit has passed.
     */
    private static PoolOptions bounded(PoolOptions options) {
        return options.setMaxWaitQueueSize(MOST_WAIT).setConnectionTimeout(0);
    }
}
