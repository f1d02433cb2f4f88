/** Consoles and files of containers, through ws-proxy. Knows terminals and {@code console.postern.v1}, no policy. */
@NullMarked
package io.postern.cli.console;

import org.jspecify.annotations.NullMarked;
