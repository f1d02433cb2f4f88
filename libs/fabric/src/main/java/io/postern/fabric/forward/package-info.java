/** Where a router sends what arrives for a Circuit, and which Circuits it does not know. Knows no socket and no clock. */
@NullMarked
package io.postern.fabric.forward;

import org.jspecify.annotations.NullMarked;
