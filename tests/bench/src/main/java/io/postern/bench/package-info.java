/** Benchmarks. */
@NullMarked
package io.postern.bench;

import org.jspecify.annotations.NullMarked;
