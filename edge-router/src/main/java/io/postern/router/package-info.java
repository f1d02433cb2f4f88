/** The data plane. */
@NullMarked
package io.postern.router;

import org.jspecify.annotations.NullMarked;
