/** Drives stock clients against the built controller and routers, and says cell by cell what held. */
@NullMarked
package io.postern.conformance;

import org.jspecify.annotations.NullMarked;
