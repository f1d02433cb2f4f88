/** Knows what commonly keeps a network from working here, how to find out, and what mends it. */
@NullMarked
package io.postern.cli.doctor;

import org.jspecify.annotations.NullMarked;
