package io.postern.controller.kernel;

import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What a resource answers after its request was given up has nobody to go to. Made before there are settings, as all such filters. */
class LateAnswers {
    @ServerResponseFilter
    void drop(ContainerResponseContext answer, HttpServerResponse response) {
        if (response.ended()) {
            answer.setEntity(null);
        }
    }
}
