/** The one thread that owns what the controller knows of the network: routers, links, circuits, the model they are judged by. */
@NullMarked
package io.postern.controller.network;

import org.jspecify.annotations.NullMarked;
