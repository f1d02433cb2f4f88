/** Knows how plain sockets of this machine and connections of the overlay are joined: hosting services and proxying them. */
@NullMarked
package io.postern.cli.tunnel;

import org.jspecify.annotations.NullMarked;
