/** Speaks the clients' protocols over WebSockets: messages to what a console knows, and back. Knows no right and no engine. */
@NullMarked
package io.postern.wsproxy.protocol;

import org.jspecify.annotations.NullMarked;
