/** Who may act. */
@NullMarked
package io.postern.controller.identity;

import org.jspecify.annotations.NullMarked;
