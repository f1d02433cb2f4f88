/**
 * A process and those outside of it: how its metrics are named and described, and in which format; and the parent that it
 * serves, where it has one. Knows no feature.
 */
@NullMarked
package io.postern.observe;

import org.jspecify.annotations.NullMarked;
