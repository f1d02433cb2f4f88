/** The credentials that identities have. */
@NullMarked
package io.postern.controller.authenticator;

import org.jspecify.annotations.NullMarked;
