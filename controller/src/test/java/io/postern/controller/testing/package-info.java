/** What the controller's tests share: a caller to be. */
@NullMarked
package io.postern.controller.testing;

import org.jspecify.annotations.NullMarked;
