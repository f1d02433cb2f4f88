/** Owns sockets, TLS and timers; drives the fabric engines on event loops. */
@NullMarked
package io.postern.transport;

import org.jspecify.annotations.NullMarked;
