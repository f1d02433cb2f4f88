package io.postern.controller.kernel;

import io.netty.channel.unix.Errors.NativeIoException;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells a database that cannot be reached from a fault of ours: the first is the operator's, passes, and may be tried again.
 * Source of the states: PostgreSQL, appendix "Error Codes", classes 08, 53 and 57, and 25P03.
 */
final class Outage {
    /** When a caller may try again. */
    static final String RETRY_SECONDS = "1";

    /** What stands between a failure and its root is a few layers of wrapping. */
    private static final int DEEPEST = 10;

    /** What the driver says when the pool gives out a connection that has just closed; it has no type for it. */
    private static final String GIVEN_OUT_CLOSED = "Connection is not active now";

    /** The server ended a transaction because it heard nothing of us for too long: we stood still. */
    private static final String STOOD_STILL = "25P03";

    private Outage() {}

    /** What to answer when the failure is that the database is away or full up. */
    static Optional<Refusal> refusal(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (isAway(cause)) {
                return Optional.of(Refusal.of(
                        ErrorCode.CLUSTER_NO_LEADER,
                        "the database does not answer; try again, a change that was under way may be stored or not"));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static boolean isAway(Throwable cause) {
        return switch (cause) {
            case ClosedConnectionException closed -> true;
            case SocketException unreachable -> true;
            case NativeIoException broken -> true;
            case UnknownHostException unnamed -> true;
            case ClosedChannelException closed -> true;
            case ConnectionPoolTooBusyException full -> true;
            case NoStackTraceThrowable said -> String.valueOf(said.getMessage()).startsWith(GIVEN_OUT_CLOSED);
            case PgException told -> isAway(told.getSqlState());
            case SQLException told -> isAway(told.getSQLState());
            default -> false;
        };
    }

    /** Connections that break, limits that are reached, a server that stops or starts. */
    private static boolean isAway(@Nullable String state) {
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57P")
                        || state.equals(STOOD_STILL));
    }
}
