/** Decides without input or output: takes bytes, events and an Instant, returns bytes and events. */
@NullMarked
package io.postern.fabric;

import org.jspecify.annotations.NullMarked;
