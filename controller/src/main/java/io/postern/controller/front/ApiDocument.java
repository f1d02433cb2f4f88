package io.postern.controller.front;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The OpenAPI document of all APIs, on the management port: {@code /q/openapi.json}, {@code /q/openapi.yaml}, and
 * {@code /q/openapi}, which is YAML for whoever does not ask for JSON by {@code Accept} or {@code ?format=json}. It is written
 * as the program is built, for a start has nothing to do with it; each call reads it, off the event loop.
 */
@Singleton
final class ApiDocument {
    private static final String PATH = "/q/openapi";

    void serve(@Observes ManagementInterface management) {
        Router router = management.router();
        router.get(PATH).blockingHandler(context -> send(context, wantsJson(context)));
        router.get(PATH + ".json").blockingHandler(context -> send(context, true));
        router.get(PATH + ".yaml").blockingHandler(context -> send(context, false));
        router.get(PATH + ".yml").blockingHandler(context -> send(context, false));
    }

    private static boolean wantsJson(RoutingContext context) {
        String format = context.request().getParam("format");
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return format == null ? accept != null && accept.contains("application/json") : format.equalsIgnoreCase("json");
    }

    private static void send(RoutingContext context, boolean json) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, json ? "application/json" : "application/yaml")
                .end(Buffer.buffer(read(json ? "openapi.json" : "openapi.yaml")));
    }

    private static byte[] read(String name) {
        try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build has no " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
