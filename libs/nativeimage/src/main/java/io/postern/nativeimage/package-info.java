/** What native-image is told: which classes libraries look up by name. Used while an executable is built, never in a process. */
@NullMarked
package io.postern.nativeimage;

import org.jspecify.annotations.NullMarked;
