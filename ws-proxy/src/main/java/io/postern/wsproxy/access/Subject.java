package io.postern.wsproxy.access;

import java.time.Instant;

/**
 * Who stands behind a request: an identity in one API Session.
 *
 * @param expiresAt when the token ends; a console of it ends then, unless a fresh token came
 */
public record Subject(String identityId, String name, String apiSessionId, boolean isAdmin, Instant expiresAt) {}
