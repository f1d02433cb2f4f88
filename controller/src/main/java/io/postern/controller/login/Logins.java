package io.postern.controller.login;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.AccessMetrics;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.access.ClientCertificates;
import io.postern.controller.kernel.Ids;
import io.postern.pki.Certificates;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Logins by client certificate and by password. Every refusal looks the same to the caller; the log says why. */
@Singleton
public class Logins {
    private static final Logger LOG = Logger.getLogger(Logins.class);
    private static final String SEEN =
            "update identity set sdk_info = $2, env_info = $3, updated_at = $4 where id = $1";

    private final Pool database;
    private final ApiSessions sessions;
    private final ClientCertificates certificates;
    private final PasswordCheck passwords;
    private final AccessMetrics metrics;

    Logins(
            Pool database,
            ApiSessions sessions,
            ClientCertificates certificates,
            PasswordCheck passwords,
            AccessMetrics metrics) {
        this.database = database;
        this.sessions = sessions;
        this.certificates = certificates;
        this.passwords = passwords;
        this.metrics = metrics;
    }

    /** @return a new API Session bound to the leaf; fails with {@code INVALID_AUTH} */
    public Uni<ApiSession> byCertificate(List<X509Certificate> chain, LoginRequest request, String remoteAddress) {
        Instant now = Instant.now();
        Optional<String> refusal = certificates.refusal(chain, now);
        if (refusal.isPresent()) {
            return refused("cert", refusal.get(), remoteAddress);
        }
        String fingerprint = Certificates.sha1(chain.getFirst());
        return Credential.byFingerprint(database, fingerprint, now)
                .flatMap(found -> found.isEmpty()
                        ? refused("cert", "no authenticator has fingerprint " + fingerprint, remoteAddress)
                        : admit(found.get(), List.of(fingerprint), request, remoteAddress, now));
    }

    /** @return a new API Session that any connection may use; fails with {@code INVALID_AUTH} */
    public Uni<ApiSession> byPassword(LoginRequest request, String remoteAddress) {
        if (request.username().isEmpty() || request.password().isEmpty()) {
            throw Refusal.of(ErrorCode.COULD_NOT_VALIDATE, "username and password fields are required");
        }
        Instant now = Instant.now();
        return Credential.byUsername(database, request.username(), now).flatMap(found -> {
            String hash = found.map(Credential::passwordHash).orElse("");
            return passwords
                    .verify(request.username(), request.password(), hash)
                    .flatMap(holds -> holds && found.isPresent()
                            ? admit(found.get(), List.of(), request, remoteAddress, now)
                            : refused("password", "wrong name or password", remoteAddress));
        });
    }

    private Uni<ApiSession> admit(
            Credential found, List<String> fingerprints, LoginRequest request, String remoteAddress, Instant at) {
        if (found.isDisabled()) {
            return refused(found.method(), "identity " + found.identityId() + " is disabled", remoteAddress);
        }
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        remember(found, request, now);
        var session = new ApiSession(
                Ids.next(),
                found.identityId(),
                found.name(),
                found.isAdmin(),
                found.authenticatorId(),
                found.method(),
                remoteAddress,
                request.configTypes(),
                fingerprints,
                now,
                now,
                now,
                now.plus(sessions.life()));
        return sessions.create(session).invoke(created -> {
            metrics.apiSessionCreated(found.method(), Duration.between(at, Instant.now()));
            LOG.infof(
                    "apisession.created apiSessionId=%s identityId=%s method=%s remoteAddress=%s",
                    created.id(), created.identityId(), found.method(), remoteAddress);
        });
    }

    /** What the client says of itself, written when it changed only; a failure is no reason to refuse a login. */
    private void remember(Credential found, LoginRequest request, Instant now) {
        if (request.sdkInfo().equals(found.sdkInfo()) && request.envInfo().equals(found.envInfo())) {
            return;
        }
        database.preparedQuery(SEEN)
                .execute(Tuple.of(
                        found.identityId(), request.sdkInfo(), request.envInfo(), now.atOffset(ZoneOffset.UTC)))
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf(
                                "identity.sdkinfo.failed identityId=%s %s", found.identityId(), failure.getMessage()));
    }

    private Uni<ApiSession> refused(String method, String why, String remoteAddress) {
        metrics.authenticationRefused(method);
        LOG.warnf("authentication.refused method=%s remoteAddress=%s reason=\"%s\"", method, remoteAddress, why);
        return Uni.createFrom().failure(Refusal.of(ErrorCode.INVALID_AUTH));
    }
}
