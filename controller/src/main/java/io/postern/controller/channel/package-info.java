/** The control channels of the routers: who is let in, who is connected, and which feature hears which message. */
@NullMarked
package io.postern.controller.channel;

import org.jspecify.annotations.NullMarked;
