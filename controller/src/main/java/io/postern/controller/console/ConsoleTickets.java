package io.postern.controller.console;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.kernel.Kernel;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import org.jboss.logging.Logger;

/**
 * Tickets: 256 random bits that stand once, for a minute at most, for an API Session and a purpose. The database has their
 * SHA-256 only; with so many random bits it is looked up by equality without telling anything by its timing. A ticket that
 * was taken, by whichever replica, is gone.
 */
@Singleton
public class ConsoleTickets {
    private static final Logger LOG = Logger.getLogger(ConsoleTickets.class);
    static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final int BYTES = 32;
    private static final String LASTS = "s.expires_at > $2"
            + " and not (i.disabled_at is not null and (i.disabled_until is null or i.disabled_until > $2))";
    private static final String ISSUE =
            """
            insert into console_ticket (hash, api_session_id, purpose, token_expires_at, expires_at)
            select $3, s.id, $4, $5, $6 from api_session s join identity i on i.id = s.identity_id
            where s.id = $1 and
            """ + LASTS + " and (select count(*) from console_ticket t where t.api_session_id = s.id"
                    + " and t.expires_at > $2) < $7";
    private static final String EXISTS =
            "select exists (select from api_session s join identity i on i.id = s.identity_id where s.id = $1 and "
                    + LASTS + ")";
    private static final String TAKE = """
            with taken as (delete from console_ticket where hash = $1
                           returning api_session_id, purpose, token_expires_at, expires_at)
            select s.id, i.id, i.name, i.is_admin, t.token_expires_at, t.purpose
            from taken t join api_session s on s.id = t.api_session_id join identity i on i.id = s.identity_id
            where t.expires_at > $2 and t.token_expires_at > $2 and
            """ + LASTS;
    private static final String FORGET = "delete from console_ticket where expires_at < now()";

    private final SecureRandom random = new SecureRandom();
    private final Pool database;
    private final Vertx vertx;
    private final Kernel kernel;
    private final ConsoleConfig config;
    private long timer;

    ConsoleTickets(Pool database, Vertx vertx, Kernel kernel, ConsoleConfig config) {
        this.database = database;
        this.vertx = vertx;
        this.kernel = kernel;
        this.config = config;
    }

    /** The one time that a ticket is told. */
    public record Issued(String ticket, Instant expiresAt) {
        @Override
        public String toString() {
            return "Issued[ticket=***, expiresAt=" + expiresAt + "]";
        }
    }

    /** Whose a ticket was, and what for. */
    public record Taken(
            String apiSessionId,
            String identityId,
            String identityName,
            boolean isAdmin,
            Instant tokenExpiresAt,
            String purpose) {}

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(
                SWEEP.toMillis(),
                tick -> database.query(FORGET)
                        .execute()
                        .subscribe()
                        .with(done -> {}, failure -> LOG.warnf("ticket.sweep.failed %s", failure.getMessage())));
    }

    void stop(@Observes Shutdown event) {
        vertx.cancelTimer(timer);
    }

    /** @param tokenExpiresAt when the token ends that the user showed; what the ticket opens ends then, too */
    Uni<Issued> issue(String apiSessionId, String purpose, Instant tokenExpiresAt) {
        Instant now = kernel.now();
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        var issued = new Issued(Base64.getUrlEncoder().withoutPadding().encodeToString(bits), now.plus(LONGEST));
        return database.preparedQuery(ISSUE)
                .execute(Tuple.wrap(new Object[] {
                    apiSessionId,
                    at(now),
                    hash(issued.ticket()),
                    purpose,
                    at(tokenExpiresAt),
                    at(issued.expiresAt()),
                    config.tickets()
                }))
                .flatMap(rows -> rows.rowCount() == 1
                        ? Uni.createFrom().item(issued)
                        : refusal(apiSessionId, now).map(refused -> {
                            throw refused;
                        }));
    }

    private Uni<Refusal> refusal(String apiSessionId, Instant now) {
        return database.preparedQuery(EXISTS)
                .execute(Tuple.of(apiSessionId, at(now)))
                .map(rows -> rows.iterator().next().getBoolean(0)
                        ? Refusal.of(ErrorCode.RATE_LIMITED, "the API Session has too many tickets that were not used")
                        : Refusal.of(ErrorCode.NOT_FOUND, "the API Session has ended"));
    }

    /** Fails with {@code NOT_FOUND}, whatever is wrong with it. */
    Uni<Taken> take(String ticket) {
        return database.preparedQuery(TAKE)
                .execute(Tuple.of(hash(ticket), at(kernel.now())))
                .map(rows -> {
                    var all = rows.iterator();
                    if (!all.hasNext()) {
                        throw Refusal.of(ErrorCode.NOT_FOUND, "it is no ticket, or no more");
                    }
                    var row = all.next();
                    return new Taken(
                            row.getString(0),
                            row.getString(1),
                            row.getString(2),
                            row.getBoolean(3),
                            row.getOffsetDateTime(4).toInstant(),
                            row.getString(5));
                });
    }

    private static Buffer hash(String ticket) {
        try {
            return Buffer.buffer(
                    MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
