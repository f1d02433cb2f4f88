/** Traces of dials: which spans there are, how their ids follow from the Circuit's, and OTLP. Knows no frame and no feature. */
@NullMarked
package io.postern.trace;

import org.jspecify.annotations.NullMarked;
