/** A container engine for tests. Knows how engines are started, ended and cleaned up after, and nothing of Postern. */
@NullMarked
package io.postern.testkit.engine;

import org.jspecify.annotations.NullMarked;
