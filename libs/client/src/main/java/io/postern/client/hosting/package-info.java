/** Knows what a host config means: which socket of this machine stands behind a hosted service, for whom. */
@NullMarked
package io.postern.client.hosting;

import org.jspecify.annotations.NullMarked;
