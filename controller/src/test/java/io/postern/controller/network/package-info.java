/** Scripted routers over real TLS against the running controller. */
@NullMarked
package io.postern.controller.network;

import org.jspecify.annotations.NullMarked;
