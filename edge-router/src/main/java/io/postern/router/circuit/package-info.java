/** Hosts the Circuits that begin, end or pass here: drives Xgress engines on event loops, forwards what only passes. */
@NullMarked
package io.postern.router.circuit;

import org.jspecify.annotations.NullMarked;
