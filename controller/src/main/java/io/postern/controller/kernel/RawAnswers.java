package io.postern.controller.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.api.ErrorCode;
import io.postern.api.ErrorEnvelope;
import io.postern.api.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Answers requests that never reach a resource, in the same words and shapes. On the request's event loop. */
@Singleton
public class RawAnswers {
    private static final Logger LOG = Logger.getLogger("postern.api");
    private static final String JSON = "application/json";

    private final ObjectMapper json;

    RawAnswers(ObjectMapper json) {
        this.json = json;
    }

    /** Ends the response with a body; other headers are the caller's. */
    public void end(RoutingContext context, int status, Object body) {
        try {
            HttpServerResponse response =
                    context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
            byte[] bytes = json.writeValueAsBytes(body);
            if (context.request().method() == HttpMethod.HEAD) {
                response.end();
            } else {
                response.end(Buffer.buffer(bytes));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public void refused(RoutingContext context, Refusal refusal) {
        end(context, refusal.code().httpStatus(), ErrorEnvelope.of(refusal, Ids.next()));
    }

    /** A refusal in its own words; anything else is logged, and its caller learns the request's id alone. */
    public void failed(RoutingContext context, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            refused(context, refusal);
            return;
        }
        Optional<Refusal> outage = Outage.refusal(failure);
        if (outage.isPresent()) {
            LOG.warnf("database.away path=%s cause=%s", context.request().path(), failure.getMessage());
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Outage.RETRY_SECONDS);
            refused(context, outage.get());
            return;
        }
        String requestId = Ids.next();
        LOG.errorf(
                failure,
                "api.failed requestId=%s method=%s path=%s",
                requestId,
                context.request().method(),
                context.request().path());
        Refusal unhandled = Refusal.of(ErrorCode.UNHANDLED);
        end(context, unhandled.code().httpStatus(), ErrorEnvelope.of(unhandled, requestId));
    }
}
