/** What is told of a process: how its metrics are named and described, and in which format. Knows no feature. */
@NullMarked
package io.postern.observe;

import org.jspecify.annotations.NullMarked;
