/** Turns bytes into frames and typed messages, and back. Knows no time and no socket. */
@NullMarked
package io.postern.wire;

import org.jspecify.annotations.NullMarked;
