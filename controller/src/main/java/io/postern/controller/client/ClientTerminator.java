package io.postern.controller.client;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import io.postern.controller.terminator.TerminatorView;

/** A terminator as a client sees it. */
public record ClientTerminator(
        @JsonUnwrapped Base base,
        EntityRef service,
        String serviceId,
        EntityRef router,
        String routerId,
        String identity) {
    static ClientTerminator of(TerminatorView view) {
        return new ClientTerminator(
                view.base(), view.service(), view.serviceId(), view.router(), view.routerId(), view.identity());
    }
}
