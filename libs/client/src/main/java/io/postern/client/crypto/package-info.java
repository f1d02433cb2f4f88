/** Makes the bytes of a connection unreadable to everybody between its two ends. Knows no socket and no time. */
@NullMarked
package io.postern.client.crypto;

import org.jspecify.annotations.NullMarked;
