/** The proxy's line to the controller: asks, waits and reports. Knows what is said, and not what follows from it. */
@NullMarked
package io.postern.wsproxy.controller;

import org.jspecify.annotations.NullMarked;
