/**
 * Logs identities in by OpenID Connect (authorization code with PKCE) and renews their tokens. Knows nothing of passwords and
 * certificates beyond asking the login.
 */
@NullMarked
package io.postern.controller.oidc;

import org.jspecify.annotations.NullMarked;
