/** The network as operators see it: the fabric REST API over routers, links, circuits, terminators and services. */
@NullMarked
package io.postern.controller.fabric;

import org.jspecify.annotations.NullMarked;
