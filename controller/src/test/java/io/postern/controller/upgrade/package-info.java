/** Databases that an older release left. */
@NullMarked
package io.postern.controller.upgrade;

import org.jspecify.annotations.NullMarked;
