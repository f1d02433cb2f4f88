/** The command line. */
@NullMarked
package io.postern.cli;

import org.jspecify.annotations.NullMarked;
