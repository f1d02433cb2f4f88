/** Circuits: asked for by routers, planned, routed, kept through failures, ended. */
@NullMarked
package io.postern.controller.circuit;

import org.jspecify.annotations.NullMarked;
