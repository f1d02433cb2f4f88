/**
 * A process and those outside of it: how its metrics are named and described, and in which format; the parent that it
 * serves, where it has one; the kernel, which gets back what only the start needed; and whoever reads its log, who is not told
 * the same again and again. Knows no feature.
 */
@NullMarked
package io.postern.observe;

import org.jspecify.annotations.NullMarked;
