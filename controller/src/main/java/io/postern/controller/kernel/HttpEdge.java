package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.boot.StartRefusal;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What holds for every request before anyone reads it: a body that says it is too large is refused before its sender is
 * known, JSON answers say {@code application/json} and nothing behind it (SDK sheet 0, row 5), and each has its answer in time,
 * whatever hangs: a database whose disk does is connected and says nothing.
 */
@Singleton
public class HttpEdge {
    private static final int EARLY = 1_000;
    private static final int LINGER_MILLIS = 1_000;
    private static final String JSON = "application/json";

    /** A console proxy waits for changes for up to 25 s. */
    private static final Duration LEAST = Duration.ofSeconds(30);

    private static final Logger LOG = Logger.getLogger("postern.api");

    private final long mostBytes;
    private final RawAnswers answers;

    /** Tests shorten it. */
    volatile long mostMillis;

    HttpEdge(
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most,
            PosternConfig config,
            RawAnswers answers) {
        this.mostBytes = most.asLongValue();
        this.mostMillis = config.answer().toMillis();
        if (config.answer().compareTo(LEAST) < 0) {
            throw StartRefusal.SETTING.because(
                    "postern.answer is " + config.answer() + ": it takes " + LEAST + " or more");
        }
        this.answers = answers;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, EARLY);
    }

    private void check(RoutingContext context) {
        HttpServerResponse response = context.response();
        context.addHeadersEndHandler(sent -> {
            String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
            if (type != null && type.startsWith(JSON + ";")) {
                response.headers().set(HttpHeaders.CONTENT_TYPE, JSON);
            }
            if (response.getStatusCode() == 413) {
                response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        });
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && longOf(length) > mostBytes) {
            answers.refused(context, Refusal.of(ErrorCode.REQUEST_ENTITY_TOO_LARGE));
            hangUp(context);
        } else {
            limit(context);
            context.next();
        }
    }

    private void limit(RoutingContext context) {
        long limit = context.vertx().setTimer(mostMillis, over -> giveUp(context));
        context.addEndHandler(ended -> context.vertx().cancelTimer(limit));
    }

    private void giveUp(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            return;
        }
        LOG.warnf(
                "api.late method=%s path=%s limitMillis=%d",
                context.request().method(), context.request().path(), mostMillis);
        response.putHeader(HttpHeaders.RETRY_AFTER, Outage.RETRY_SECONDS);
        boolean cut = isMoreToCome(context.request());
        if (cut) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        answers.refused(
                context,
                Refusal.of(
                        ErrorCode.TIMEOUT,
                        "there was no answer in time; a change that was under way may be stored or not"));
        if (cut) {
            hangUp(context);
        }
    }

    /** Whether its connection cannot be used again, for there may be a body on it; a request is not at its end before it is read. */
    private static boolean isMoreToCome(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.version() != HttpVersion.HTTP_2
                && !request.isEnded()
                && (length != null && longOf(length) > 0 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING));
    }

    /** What is on its way is dropped for a moment: an answer is lost when its connection closes over unread bytes. */
    private static void hangUp(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() != HttpVersion.HTTP_2) {
            request.handler(dropped -> {}).resume();
            context.vertx().setTimer(LINGER_MILLIS, over -> request.connection().close());
        }
    }

    private static long longOf(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
