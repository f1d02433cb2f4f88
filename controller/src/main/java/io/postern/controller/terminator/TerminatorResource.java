package io.postern.controller.terminator;

import io.postern.controller.kernel.CrudResource;
import jakarta.ws.rs.Path;

@Path("/edge/management/v1/terminators")
public class TerminatorResource extends CrudResource<TerminatorView> {
    TerminatorResource(Terminators terminators) {
        super(terminators);
    }
}
