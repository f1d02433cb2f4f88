package io.postern.controller.client;

import io.postern.api.ListEnvelope;
import io.postern.controller.front.ControllerView;
import io.postern.controller.front.ControllerViews;
import io.postern.controller.kernel.ListParameters;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Where the controllers are. */
@Path("/edge/client/v1/controllers")
@Produces(MediaType.APPLICATION_JSON)
public class ControllersResource {
    private final ControllerViews controllers;

    ControllersResource(ControllerViews controllers) {
        this.controllers = controllers;
    }

    @GET
    public ListEnvelope<ControllerView> list(@BeanParam ListParameters list) {
        var paging = list.query().paging();
        List<ControllerView> all = controllers.all();
        return ListEnvelope.of(Pages.slice(all, paging), paging, all.size(), List.of("id", "name"));
    }
}
