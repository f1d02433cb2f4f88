/** Tests of what a console proxy needs of the controller. */
@NullMarked
package io.postern.controller.console;

import org.jspecify.annotations.NullMarked;
