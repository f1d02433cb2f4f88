package io.postern.controller.enrollment;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.AccessMetrics;
import io.postern.controller.kernel.Ids;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.Work;
import io.postern.pki.Passwords;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns enrollment tokens into credentials. A token is taken out of the database in the transaction that stores what it was
 * exchanged for, so it works once however many ask at the same time (SDK sheet 1.4).
 */
@Singleton
public class Enrolling {
    private static final Logger LOG = Logger.getLogger(Enrolling.class);
    private static final String FIND = """
            select coalesce(identity_id, edge_router_id), expires_at, coalesce(username, '')
            from enrollment where token = ?1 and method = ?2
            """;
    private static final String TAKE = "delete from enrollment where token = ?1 and method = ?2 and expires_at > ?3";
    private static final String AUTHENTICATOR = """
            insert into authenticator (id, created_at, updated_at, method, identity_id, fingerprint, cert_pem, username,
                                       password_hash, is_issued_by_network)
            values (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """;
    private static final String ROUTER = """
            update edge_router set fingerprint = ?2, cert_pem = ?3, is_verified = true, unverified_fingerprint = null,
                                   unverified_cert_pem = null, updated_at = ?4
            where id = ?1
            """;

    private final Kernel kernel;
    private final Issuing issuing;
    private final AccessMetrics metrics;

    Enrolling(Kernel kernel, Issuing issuing, AccessMetrics metrics) {
        this.kernel = kernel;
        this.issuing = issuing;
        this.metrics = metrics;
    }

    private record Pending(String subject, Instant expiresAt, String username) {}

    /** An identity gets a certificate for its CSR. */
    Uni<IssuedIdentity> identity(@Nullable String token, @Nullable String csrPem) {
        return pending(token, "ott")
                .flatMap(found -> offLoop(() -> issuing.identity(found.subject(), csrPem))
                        .flatMap(issued -> kernel.write(work -> take(work, token, "ott")
                                        .chain(() -> storeCertificate(work, found.subject(), issued)))
                                .replaceWith(issued)))
                .invoke(issued -> metrics.enrolled("ott"))
                .invoke(issued -> LOG.infof(
                        "identity.enrolled identityId=%s fingerprint=%s", issued.identityId(), issued.fingerprint()));
    }

    /** A person chooses a name and a password. */
    Uni<String> password(@Nullable String token, @Nullable String username, @Nullable String password) {
        if (password == null || password.length() < 5 || password.length() > 100) {
            throw Refusal.field("password", "password in body should be 5 to 100 characters long", null);
        }
        return pending(token, "updb").flatMap(found -> {
            String name = found.username().isEmpty() ? username : found.username();
            if (name == null || name.isEmpty() || (username != null && !username.equals(name))) {
                throw Refusal.field("username", "username is not the one of the enrollment", username);
            }
            return offLoop(() -> Passwords.hash(password))
                    .flatMap(hash -> kernel.write(work -> take(work, token, "updb")
                            .chain(() -> insert(work, "updb", found.subject(), null, null, name, hash))))
                    .replaceWith(name);
        });
    }

    /** A router gets certificates for its two CSRs. */
    Uni<IssuedRouter> router(@Nullable String token, @Nullable String clientCsr, @Nullable String serverCsr) {
        return pending(token, "erott")
                .flatMap(found -> offLoop(() -> issuing.router(found.subject(), clientCsr, serverCsr))
                        .flatMap(issued -> kernel.write(
                                        work -> take(work, token, "erott").chain(() -> storeRouter(work, issued)))
                                .replaceWith(issued)))
                .invoke(issued -> metrics.enrolled("erott"))
                .invoke(issued -> LOG.infof(
                        "router.enrolled routerId=%s fingerprint=%s", issued.routerId(), issued.fingerprint()));
    }

    /** A router that proves itself by its certificate gets new ones. */
    Uni<IssuedRouter> extendRouter(String fingerprint, @Nullable String clientCsr, @Nullable String serverCsr) {
        return kernel.read(session -> session.createNativeQuery(
                                "select id from edge_router where fingerprint = ?1", String.class)
                        .setParameter(1, fingerprint)
                        .getSingleResultOrNull())
                .onItem()
                .ifNull()
                .failWith(() -> Refusal.of(ErrorCode.UNAUTHORIZED))
                .flatMap(id -> offLoop(() -> issuing.router(id, clientCsr, serverCsr)))
                .flatMap(issued ->
                        kernel.write(work -> storeRouter(work, issued)).replaceWith(issued));
    }

    private Uni<Pending> pending(@Nullable String token, String method) {
        if (token == null || token.isBlank() || token.length() > 200 || token.indexOf('\0') >= 0) {
            throw Refusal.of(ErrorCode.INVALID_ENROLLMENT_TOKEN);
        }
        return kernel.read(session -> session.createNativeQuery(FIND, Object[].class)
                        .setParameter(1, token)
                        .setParameter(2, method)
                        .getSingleResultOrNull())
                .map(row -> {
                    if (row == null || row[0] == null) {
                        throw Refusal.of(ErrorCode.INVALID_ENROLLMENT_TOKEN);
                    }
                    var found = new Pending((String) row[0], instant(row[1]), (String) row[2]);
                    if (!kernel.now().isBefore(found.expiresAt())) {
                        throw Refusal.of(ErrorCode.ENROLLMENT_EXPIRED);
                    }
                    return found;
                });
    }

    private static Instant instant(Object time) {
        return switch (time) {
            case Instant instant -> instant;
            case java.time.OffsetDateTime offset -> offset.toInstant();
            default -> throw new IllegalStateException("not a time: " + time.getClass());
        };
    }

    private static Uni<Void> take(Work work, @Nullable String token, String method) {
        return work.session()
                .createNativeQuery(TAKE)
                .setParameter(1, token)
                .setParameter(2, method)
                .setParameter(3, work.now())
                .executeUpdate()
                .map(count -> {
                    if (count != 1) {
                        throw Refusal.of(ErrorCode.INVALID_ENROLLMENT_TOKEN);
                    }
                    return null;
                });
    }

    private static Uni<Integer> storeCertificate(Work work, String identityId, IssuedIdentity issued) {
        return insert(work, "cert", identityId, issued.fingerprint(), issued.leafPem(), null, null);
    }

    private static Uni<Integer> insert(
            Work work,
            String method,
            String identityId,
            @Nullable String fingerprint,
            @Nullable String certPem,
            @Nullable String username,
            @Nullable String passwordHash) {
        return work.session()
                .createNativeQuery(AUTHENTICATOR)
                .setParameter(1, Ids.next())
                .setParameter(2, work.now())
                .setParameter(3, method)
                .setParameter(4, identityId)
                .setParameter(5, fingerprint)
                .setParameter(6, certPem)
                .setParameter(7, username)
                .setParameter(8, passwordHash)
                .setParameter(9, method.equals("cert"))
                .executeUpdate();
    }

    private static Uni<Integer> storeRouter(Work work, IssuedRouter issued) {
        work.changed("edgeRouter", issued.routerId(), Action.UPDATE);
        return work.session()
                .createNativeQuery(ROUTER)
                .setParameter(1, issued.routerId())
                .setParameter(2, issued.fingerprint())
                .setParameter(3, issued.leafPem())
                .setParameter(4, work.now())
                .executeUpdate();
    }

    /** Certificates and hashes take milliseconds of computing: not on the event loop, and back on it afterwards. */
    private static <T> Uni<T> offLoop(Supplier<T> work) {
        Context context = Vertx.currentContext();
        return Uni.createFrom()
                .item(work)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .emitOn(task -> context.runOnContext(go -> task.run()));
    }
}
