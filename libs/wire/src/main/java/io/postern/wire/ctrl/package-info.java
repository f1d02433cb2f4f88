/** Control messages that are headers only: circuits asked for, granted, refused and routed. */
@NullMarked
package io.postern.wire.ctrl;

import org.jspecify.annotations.NullMarked;
