/** Knows how shells complete a command line: scripts made from the commands themselves. */
@NullMarked
package io.postern.cli.completion;

import org.jspecify.annotations.NullMarked;
