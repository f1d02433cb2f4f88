package io.postern.controller.login;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.AccessMetrics;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.access.ClientCertificates;
import io.postern.controller.kernel.Ids;
import io.postern.controller.login.Credential.Opening;
import io.postern.pki.Certificates;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
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
    public Future<ApiSession> byCertificate(List<X509Certificate> chain, LoginRequest request, String remoteAddress) {
        Instant at = Instant.now();
        Optional<String> refusal = certificates.refusal(chain, at);
        if (refusal.isPresent()) {
            return refused("cert", refusal.get(), remoteAddress);
        }
        String fingerprint = Certificates.sha1(chain.getFirst());
        Opening opening = opening(request, remoteAddress, at);
        return Credential.open(database, fingerprint, opening).compose(found -> {
            if (found.isEmpty()) {
                return refused("cert", "no authenticator has fingerprint " + fingerprint, remoteAddress);
            }
            if (found.get().isDisabled()) {
                return disabled(found.get(), remoteAddress);
            }
            ApiSession session = session(found.get(), List.of(fingerprint), opening);
            sessions.created(session);
            return Future.succeededFuture(admitted(found.get(), request, session, at));
        });
    }

    /** @return a new API Session that any connection may use; fails with {@code INVALID_AUTH} */
    public Uni<ApiSession> byPassword(LoginRequest request, String remoteAddress) {
        if (request.username().isEmpty() || request.password().isEmpty()) {
            throw Refusal.of(ErrorCode.COULD_NOT_VALIDATE, "username and password fields are required");
        }
        Instant at = Instant.now();
        return UniHelper.toUni(Credential.byUsername(database, request.username(), at))
                .flatMap(found -> {
                    String hash = found.map(Credential::passwordHash).orElse("");
                    return passwords
                            .verify(request.username(), request.password(), hash)
                            .flatMap(holds -> holds && found.isPresent()
                                    ? admit(found.get(), request, remoteAddress, at)
                                    : UniHelper.toUni(refused("password", "wrong name or password", remoteAddress)));
                });
    }

    private Uni<ApiSession> admit(Credential found, LoginRequest request, String remoteAddress, Instant at) {
        if (found.isDisabled()) {
            return UniHelper.toUni(disabled(found, remoteAddress));
        }
        ApiSession session = session(found, List.of(), opening(request, remoteAddress, at));
        return sessions.create(session).map(created -> admitted(found, request, created, at));
    }

    private Opening opening(LoginRequest request, String remoteAddress, Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        return new Opening(Ids.next(), remoteAddress, request.configTypes(), now, now.plus(sessions.life()));
    }

    private static ApiSession session(Credential found, List<String> fingerprints, Opening opening) {
        return new ApiSession(
                opening.id(),
                found.identityId(),
                found.name(),
                found.isAdmin(),
                found.authenticatorId(),
                found.method(),
                opening.remoteAddress(),
                opening.configTypes(),
                fingerprints,
                opening.at(),
                opening.at(),
                opening.at(),
                opening.expiresAt());
    }

    private ApiSession admitted(Credential found, LoginRequest request, ApiSession session, Instant at) {
        remember(found, request, session.createdAt());
        metrics.apiSessionCreated(found.method(), Duration.between(at, Instant.now()));
        LOG.infof(
                "apisession.created apiSessionId=%s identityId=%s method=%s remoteAddress=%s",
                session.id(), session.identityId(), found.method(), session.ipAddress());
        return session;
    }

    /** What the client says of itself, written when it changed only; a failure is no reason to refuse a login. */
    private void remember(Credential found, LoginRequest request, Instant now) {
        if (request.sdkInfo().equals(found.sdkInfo()) && request.envInfo().equals(found.envInfo())) {
            return;
        }
        database.preparedQuery(SEEN)
                .execute(Tuple.of(
                        found.identityId(), request.sdkInfo(), request.envInfo(), now.atOffset(ZoneOffset.UTC)))
                .onFailure(failure -> LOG.warnf(
                        "identity.sdkinfo.failed identityId=%s %s", found.identityId(), failure.getMessage()));
    }

    private Future<ApiSession> disabled(Credential found, String remoteAddress) {
        return refused(found.method(), "identity " + found.identityId() + " is disabled", remoteAddress);
    }

    private Future<ApiSession> refused(String method, String why, String remoteAddress) {
        metrics.authenticationRefused(method);
        LOG.warnf("authentication.refused method=%s remoteAddress=%s reason=\"%s\"", method, remoteAddress, why);
        return Future.failedFuture(Refusal.of(ErrorCode.INVALID_AUTH));
    }
}
