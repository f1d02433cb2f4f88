/** A whole network on this machine, made from nothing, shown at work, kept running. */
@NullMarked
package io.postern.cli.quickstart;

import org.jspecify.annotations.NullMarked;
