package io.postern.controller.login;

import io.postern.api.Envelope;
import io.postern.api.Refusal;
import io.postern.controller.access.ApiSession;
import io.postern.controller.access.ApiSessions;
import io.postern.controller.access.AuthenticationFilter;
import io.postern.controller.access.IssuedTokens;
import io.postern.controller.access.PeerCertificates;
import io.postern.controller.access.SessionHeaders;
import io.postern.controller.client.ApiSessionView;
import io.postern.controller.kernel.Bodies;
import io.postern.controller.kernel.RawAnswers;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The short way of the commonest request, since every client of a network that comes back logs in at once: a certificate
 * login as all clients write it is answered here, before the REST layer is asked. Whatever is written in another way goes on
 * to {@link AuthenticateResource}, and both answer the same.
 */
@Singleton
public class CertificateRoute {
    /** After the paths have their one form. */
    private static final int PRIORITY = 800;

    private static final String PATH = "/edge/client/v1/authenticate";
    private static final String QUERY = "method=cert";
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_DIGITS = 5;

    private final Logins logins;
    private final ApiSessions sessions;
    private final IssuedTokens tokens;
    private final Bodies bodies;
    private final RawAnswers answers;

    CertificateRoute(Logins logins, ApiSessions sessions, IssuedTokens tokens, Bodies bodies, RawAnswers answers) {
        this.logins = logins;
        this.sessions = sessions;
        this.tokens = tokens;
        this.bodies = bodies;
        this.answers = answers;
    }

    void register(@Observes Filters filters) {
        filters.register(this::route, PRIORITY);
    }

    private void route(RoutingContext context) {
        if (isOrdinary(context.request())) {
            // a body that does not end has lost its connection or its stream: there is nobody to answer
            context.request().body().onSuccess(body -> login(context, body));
            context.request().resume();
        } else {
            context.next();
        }
    }

    private static boolean isOrdinary(HttpServerRequest request) {
        return request.method() == HttpMethod.POST
                && PATH.equals(request.path())
                && QUERY.equals(request.query())
                && isShort(request.getHeader(HttpHeaders.CONTENT_LENGTH))
                && isJson(request.getHeader(HttpHeaders.ACCEPT))
                && request.getHeader(AuthenticationFilter.SESSION_HEADER) == null
                && request.getHeader(HttpHeaders.AUTHORIZATION) == null;
    }

    private static boolean isShort(@Nullable String length) {
        return length != null
                && length.length() <= MOST_DIGITS
                && length.chars().allMatch(c -> c >= '0' && c <= '9')
                && !length.isEmpty()
                && Integer.parseInt(length) <= MOST_BYTES;
    }

    private static boolean isJson(@Nullable String accept) {
        return accept == null || accept.equals("application/json") || accept.equals("*/*");
    }

    private void login(RoutingContext context, Buffer body) {
        if (isGivenUp(context)) {
            return;
        }
        try {
            LoginRequest request = LoginRequest.of(bodies.readObject(body.getBytes()));
            SocketAddress remote = context.request().remoteAddress();
            logins.byCertificate(
                            PeerCertificates.of(context.request()), request, remote == null ? "" : remote.hostAddress())
                    .onSuccess(session -> answer(context, session))
                    .onFailure(failure -> refuse(context, failure));
        } catch (Refusal e) {
            refuse(context, e);
        }
    }

    /** A request that had no answer in time has one now, and nobody to send another to. */
    private static boolean isGivenUp(RoutingContext context) {
        return context.response().ended();
    }

    private void answer(RoutingContext context, ApiSession session) {
        if (isGivenUp(context)) {
            return;
        }
        String token = tokens.issue(session);
        HttpServerResponse response = context.response();
        response.putHeader(AuthenticationFilter.SESSION_HEADER, token)
                .putHeader(
                        SessionHeaders.EXPIRATION_SECONDS,
                        Long.toString(sessions.life().toSeconds()))
                .putHeader(SessionHeaders.EXPIRES_AT, SessionHeaders.time(session));
        answers.end(context, 200, Envelope.of(ApiSessionView.of(session, token, sessions.life())));
    }

    private void refuse(RoutingContext context, Throwable failure) {
        if (isGivenUp(context)) {
            return;
        }
        if (failure instanceof Refusal refusal && refusal.code().httpStatus() == 401) {
            context.response().putHeader("www-authenticate", AuthenticationFilter.missingToken());
        }
        answers.failed(context, failure);
    }
}
