/** The client API: what an identity sees and may do of the network. */
@NullMarked
package io.postern.controller.client;

import org.jspecify.annotations.NullMarked;
