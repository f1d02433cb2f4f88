/** Keeps what consoles showed as asciicast files, with a chain of hashes, within a quota. Knows no client and no policy. */
@NullMarked
package io.postern.wsproxy.recording;

import org.jspecify.annotations.NullMarked;
