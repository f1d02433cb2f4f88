/** Knows how a local address is shown to work as a service: made, hosted, fetched, and taken away again. */
@NullMarked
package io.postern.cli.trial;

import org.jspecify.annotations.NullMarked;
