/** Renews the certificates of routers that are connected. */
@NullMarked
package io.postern.controller.renewal;

import org.jspecify.annotations.NullMarked;
