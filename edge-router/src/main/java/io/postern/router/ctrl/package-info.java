/** Control channels to the controllers: dialled, kept alive, spoken on. */
@NullMarked
package io.postern.router.ctrl;

import org.jspecify.annotations.NullMarked;
