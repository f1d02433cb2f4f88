package io.postern.controller.access;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.token.ApiSessionClaims;
import io.postern.controller.token.Tokens;
import io.postern.pki.Certificates;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Says who is asking: the API Session's token comes as {@code zt-session} or as Bearer, its signature holds, its session
 * lasts, and the client presents the certificate that the session is bound to (SDK sheet 2.2). A wrong token is refused
 * wherever an API Session counts, and passed over where none is needed.
 */
public class AuthenticationFilter {
    /** Before the filter that asks for rights. */
    public static final int PRIORITY = AdminOnly.PRIORITY - 1_000;

    public static final String SESSION_HEADER = "zt-session";
    private static final Logger LOG = Logger.getLogger(AuthenticationFilter.class);
    private static final String BEARER = "Bearer ";

    private final Caller caller;
    private final Tokens tokens;
    private final ApiSessions sessions;
    private final ClientCertificates certificates;

    AuthenticationFilter(Caller caller, Tokens tokens, ApiSessions sessions, ClientCertificates certificates) {
        this.caller = caller;
        this.tokens = tokens;
        this.sessions = sessions;
        this.certificates = certificates;
    }

    @ServerRequestFilter(priority = PRIORITY)
    public Uni<@Nullable Response> authenticate(ContainerRequestContext request, HttpServerRequest connection) {
        boolean open = isOpen(request);
        Optional<String> token = token(request);
        if (token.isEmpty()) {
            request.setProperty(Challenge.PROPERTY, Challenge.MISSING);
            return pass();
        }
        Instant now = Instant.now();
        Optional<ApiSessionClaims> claims = tokens.apiSession(token.get(), now);
        if (claims.isEmpty()) {
            return refuseUnless(open, request);
        }
        return sessions.use(claims.get().apiSessionId(), now).flatMap(found -> {
            if (found.isEmpty() || !holds(claims.get(), found.get(), connection, now)) {
                return refuseUnless(open, request);
            }
            caller.is(found.get(), claims.get(), token.get());
            return pass();
        });
    }

    @ServerRequestFilter(priority = AdminOnly.PRIORITY)
    public void require(ContainerRequestContext request) {
        if (!caller.isKnown() && !isOpen(request)) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED, "unauthenticated for invalid credentials");
        }
    }

    @ServerResponseFilter
    public void answer(ContainerRequestContext request, ContainerResponseContext response) {
        if (caller.hasApiSession() && !caller.claims().isOidc() && response.getStatus() < 300) {
            ApiSession session = caller.apiSession();
            response.getHeaders()
                    .putSingle(
                            SessionHeaders.EXPIRATION_SECONDS, sessions.life().toSeconds());
            response.getHeaders().putSingle(SessionHeaders.EXPIRES_AT, SessionHeaders.time(session));
        }
        if (response.getStatus() == 401 && request.getProperty(Challenge.PROPERTY) instanceof Challenge challenge) {
            response.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, challenge.text());
        }
    }

    private boolean holds(ApiSessionClaims claims, ApiSession session, HttpServerRequest connection, Instant now) {
        if (!claims.identityId().equals(session.identityId())) {
            return false;
        }
        if (claims.certFingerprints().isEmpty()) {
            return true;
        }
        List<X509Certificate> chain = PeerCertificates.of(connection);
        boolean bound = !chain.isEmpty()
                && claims.certFingerprints().contains(Certificates.sha1(chain.getFirst()))
                && certificates.refusal(chain, now).isEmpty();
        if (!bound) {
            LOG.warnf(
                    "apisession.certificate.wrong apiSessionId=%s identityId=%s remoteAddress=%s",
                    session.id(), session.identityId(), connection.remoteAddress());
        }
        return bound;
    }

    private static Uni<@Nullable Response> refuseUnless(boolean open, ContainerRequestContext request) {
        if (open) {
            return pass();
        }
        request.setProperty(Challenge.PROPERTY, Challenge.INVALID);
        return Uni.createFrom().failure(Refusal.of(ErrorCode.UNAUTHORIZED));
    }

    private static boolean isOpen(ContainerRequestContext request) {
        return OpenPaths.isOpen(request.getUriInfo().getPath());
    }

    private static Uni<@Nullable Response> pass() {
        return Uni.createFrom().nullItem();
    }

    private static Optional<String> token(ContainerRequestContext request) {
        String legacy = request.getHeaderString(SESSION_HEADER);
        if (legacy != null && !legacy.isBlank()) {
            return Optional.of(legacy.strip());
        }
        String bearer = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        return bearer != null && bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(bearer.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    /** What a caller without a token is told beside a 401. */
    public static String missingToken() {
        return Challenge.MISSING.text();
    }

    private enum Challenge {
        MISSING(
                "zt-session realm=\"zt-session\" error=\"missing\" error_description=\"no matching token was provided\","
                        + "Bearer realm=\"openziti-oidc\" error=\"missing\""
                        + " error_description=\"no matching token was provided\""),
        INVALID("zt-session realm=\"zt-session\" error=\"invalid\" error_description=\"token is invalid\"");

        private static final String PROPERTY = "postern.challenge";

        private final String text;

        Challenge(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
