package io.postern.wsproxy.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads small bodies, within a bound. */
public final class Bodies {
    private static final int LONGEST = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Bodies() {}

    /** The body as a JSON object. Completes on the request's context. */
    public static CompletionStage<JsonNode> json(HttpServerRequest request) {
        CompletableFuture<JsonNode> done = new CompletableFuture<>();
        Buffer all = Buffer.buffer();
        request.exceptionHandler(done::completeExceptionally);
        request.handler(part -> {
            if (all.length() + part.length() > LONGEST) {
                request.pause();
                done.completeExceptionally(new Refused(413, "BODY_TOO_LONG", "The body is too long."));
            } else {
                all.appendBuffer(part);
            }
        });
        request.endHandler(nothing -> parse(all, done));
        request.resume();
        return done;
    }

    private static void parse(Buffer all, CompletableFuture<JsonNode> done) {
        try {
            JsonNode node = JSON.readTree(all.toString());
            if (node == null || !node.isObject()) {
                done.completeExceptionally(Refused.badRequest("The body is no JSON object."));
            } else {
                done.complete(node);
            }
        } catch (JsonProcessingException e) {
            done.completeExceptionally(Refused.badRequest("The body is no JSON object."));
        }
    }
}
