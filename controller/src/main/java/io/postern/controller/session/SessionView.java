package io.postern.controller.session;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.EntityRef;
import io.postern.controller.kernel.Base;
import java.util.List;

/** What an administrator reads of a Session. The token is its owner's: the id stands for it here. */
public record SessionView(
        @JsonUnwrapped Base base,
        String token,
        String type,
        String apiSessionId,
        EntityRef apiSession,
        String identityId,
        String serviceId,
        EntityRef service,
        List<Object> edgeRouters) {}
