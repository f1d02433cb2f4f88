/** The controller's own keys and certificates: made on first start, kept sealed in the database, renewed. */
@NullMarked
package io.postern.controller.pki;

import org.jspecify.annotations.NullMarked;
