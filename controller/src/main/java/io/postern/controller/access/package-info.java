/** Who is asking, and may they. */
@NullMarked
package io.postern.controller.access;

import org.jspecify.annotations.NullMarked;
