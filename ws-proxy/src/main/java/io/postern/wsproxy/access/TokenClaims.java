package io.postern.wsproxy.access;

import java.time.Instant;
import java.util.List;

/**
 * What a token says that holds.
 *
 * @param certificates SHA-1 of the client certificates that it is bound to, empty for none
 */
record TokenClaims(String apiSessionId, String identityId, List<String> certificates, Instant expiresAt) {}
