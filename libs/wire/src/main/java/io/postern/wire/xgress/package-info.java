/** Turns bytes into Xgress messages and back: payload, acknowledgement, control, close. Knows no time, no window. */
@NullMarked
package io.postern.wire.xgress;

import org.jspecify.annotations.NullMarked;
