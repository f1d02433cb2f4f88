package io.postern.controller.hosting;

import io.postern.controller.token.SessionClaims;
import java.util.Optional;

/**
 * A message about a terminator with the claims of the tokens it carries, verified as it was read.
 *
 * @param session empty when the token is missing or not valid
 */
record HostingRequest<T>(
        T message, Optional<SessionClaims.ServiceSession> session, Optional<SessionClaims.ApiSession> apiSession) {}
