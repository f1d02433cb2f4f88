/** The door: who may come in, by which protocol, to what. Everything is decided before a WebSocket is accepted. */
@NullMarked
package io.postern.wsproxy.front;

import org.jspecify.annotations.NullMarked;
