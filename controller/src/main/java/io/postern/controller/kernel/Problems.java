package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.ErrorEnvelope;
import io.postern.api.Refusal;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where a failure becomes HTTP. */
class Problems {
    private static final Logger LOG = Logger.getLogger("postern.api");

    @ServerExceptionMapper
    Response refused(Refusal refusal) {
        return answer(refusal, Ids.next());
    }

    @ServerExceptionMapper
    Response http(WebApplicationException failure, ContainerRequestContext request) {
        Optional<Refusal> inner = refusalBelow(failure);
        if (inner.isPresent()) {
            return answer(inner.get(), Ids.next());
        }
        String path = request.getUriInfo().getPath();
        return switch (failure.getResponse().getStatus()) {
            case 404 -> refused(Refusal.of(ErrorCode.NOT_FOUND, "path " + path + " was not found"));
            case 405 ->
                refused(Refusal.of(
                        ErrorCode.METHOD_NOT_ALLOWED, "method " + request.getMethod() + " is not allowed here"));
            case 406 ->
                refused(Refusal.field(
                        ErrorCode.NOT_ACCEPTABLE,
                        HttpHeaders.ACCEPT,
                        "only application/json is available",
                        request.getHeaderString(HttpHeaders.ACCEPT)));
            case 413 -> refused(Refusal.of(ErrorCode.REQUEST_ENTITY_TOO_LARGE));
            case 415 ->
                refused(Refusal.field(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        HttpHeaders.CONTENT_TYPE,
                        "only application/json is allowed",
                        request.getHeaderString(HttpHeaders.CONTENT_TYPE)));
            case 401, 403 -> refused(Refusal.of(ErrorCode.UNAUTHORIZED));
            case 400 -> refused(Refusal.of(ErrorCode.COULD_NOT_VALIDATE, "the request is not valid"));
            default -> unhandled(failure, request);
        };
    }

    /** What the database refuses of a value is a refusal here too, whoever asked it. */
    @ServerExceptionMapper
    Response unhandled(Throwable failure, ContainerRequestContext request) {
        Optional<Refusal> inner = refusalBelow(DatabaseRefusals.translate(failure));
        if (inner.isPresent()) {
            return answer(inner.get(), Ids.next());
        }
        Optional<Refusal> outage = Outage.refusal(failure);
        if (outage.isPresent()) {
            LOG.warnf("database.away path=%s cause=%s", request.getUriInfo().getPath(), failure.getMessage());
            Response away = answer(outage.get(), Ids.next());
            away.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, Outage.RETRY_SECONDS);
            return away;
        }
        String requestId = Ids.next();
        LOG.errorf(
                failure,
                "api.failed requestId=%s method=%s path=%s",
                requestId,
                request.getMethod(),
                request.getUriInfo().getPath());
        return answer(Refusal.of(ErrorCode.UNHANDLED), requestId);
    }

    private static Optional<Refusal> refusalBelow(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof Refusal refusal) {
                return Optional.of(refusal);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Response answer(Refusal refusal, String requestId) {
        return Response.status(refusal.code().httpStatus())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ErrorEnvelope.of(refusal, requestId))
                .build();
    }
}
