/** How identities may prove who they are: one policy, built in, that everybody has. */
@NullMarked
package io.postern.controller.authpolicy;

import org.jspecify.annotations.NullMarked;
