/** The embedded tunneler: plain sockets at the edge of the overlay, hosted and proxied by the router's own identity. */
@NullMarked
package io.postern.router.tunnel;

import org.jspecify.annotations.NullMarked;
