package io.postern.controller.terminator;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;

/** What a caller reads of a terminator. */
public record TerminatorView(
        @JsonUnwrapped Base base,
        EntityRef service,
        String serviceId,
        EntityRef router,
        String routerId,
        String binding,
        String address,
        String identity,
        int cost,
        int dynamicCost,
        String precedence) {}
