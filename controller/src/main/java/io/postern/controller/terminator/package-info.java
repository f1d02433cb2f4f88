/** Where services are hosted. */
@NullMarked
package io.postern.controller.terminator;

import org.jspecify.annotations.NullMarked;
