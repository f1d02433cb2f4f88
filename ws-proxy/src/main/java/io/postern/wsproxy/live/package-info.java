/** Keeps those at consoles to their rights as these change: ends what is no longer granted. */
@NullMarked
package io.postern.wsproxy.live;

import org.jspecify.annotations.NullMarked;
