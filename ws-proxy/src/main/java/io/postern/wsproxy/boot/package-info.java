/** Starts and stops the process: configuration, identity, certificates, health. Knows no container and no protocol. */
@NullMarked
package io.postern.wsproxy.boot;

import org.jspecify.annotations.NullMarked;
