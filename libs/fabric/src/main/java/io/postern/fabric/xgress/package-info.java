/** The end-to-end reliable stream over a Circuit: order, acknowledgement, loss, windows. Knows no socket and no clock. */
@NullMarked
package io.postern.fabric.xgress;

import org.jspecify.annotations.NullMarked;
