/** The links the routers report, their cost, and the network a circuit can be planned over. */
@NullMarked
package io.postern.controller.link;

import org.jspecify.annotations.NullMarked;
