package io.postern.wsproxy.front;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/** Answers over HTTP. Never says back what a client sent. */
public final class Replies {
    private static final Logger LOG = Logger.getLogger(Replies.class);

    private Replies() {}

    public static void json(RoutingContext context, int status, JsonNode body) {
        body(context, status, "application/json", body.toString());
    }

    public static void empty(RoutingContext context, int status) {
        HttpServerResponse response = context.response();
        if (!response.ended()) {
            response.setStatusCode(status).end();
        }
    }

    static void body(RoutingContext context, int status, String type, String body) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status).putHeader("Content-Type", type).end(body);
        }
    }

    /** Says no in the dialect of whoever asked: Kubernetes clients print a metav1.Status only. */
    public static void refuse(RoutingContext context, Throwable failure) {
        Refused refused = Refused.of(failure);
        String path = context.request().path();
        Denials.refused(context, refused);
        if (!refused.isForeseen()) {
            LOG.errorf(failure, "request.failed method=%s", context.request().method());
        }
        if (refused.status() == 429) {
            context.response().putHeader("Retry-After", "1");
        }
        if (refused.status() == 401) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
        }
        // a body that nobody reads would block the connection
        if (hasUnreadBody(context.request())) {
            context.response().putHeader("Connection", "close");
        }
        boolean kubernetes =
                path != null && (path.startsWith("/api/") || path.equals("/api") || path.startsWith("/apis"));
        json(context, refused.status(), kubernetes ? status(refused) : error(refused));
    }

    private static boolean hasUnreadBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return !request.isEnded()
                && (length != null && !length.equals("0") || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null);
    }

    static ObjectNode error(Refused refused) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("code", refused.code()).put("message", refused.getMessage());
        return body;
    }

    static ObjectNode status(Refused refused) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return body.put("status", "Failure")
                .put("message", refused.getMessage())
                .put("reason", reason(refused.status()))
                .put("code", refused.status());
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 409 -> "Conflict";
            case 429 -> "TooManyRequests";
            case 503 -> "ServiceUnavailable";
            case 504 -> "Timeout";
            default -> "InternalError";
        };
    }
}
