/** Which Links a router wants, when it dials them, and which of two equal ones stays. Knows no socket and no clock. */
@NullMarked
package io.postern.fabric.link;

import org.jspecify.annotations.NullMarked;
