/** Speaks to container engines: dials them, asks them, and carries their byte streams. Knows no user and no WebSocket. */
@NullMarked
package io.postern.wsproxy.engine;

import org.jspecify.annotations.NullMarked;
