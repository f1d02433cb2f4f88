/** Consoles and who looks at them: one engine stream, many viewers, resume, limits. Knows no WebSocket and no policy. */
@NullMarked
package io.postern.wsproxy.hub;

import org.jspecify.annotations.NullMarked;
