/** Terminators: where services can be reached, who put them there, and what they cost. */
@NullMarked
package io.postern.controller.hosting;

import org.jspecify.annotations.NullMarked;
