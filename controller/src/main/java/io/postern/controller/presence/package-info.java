/** Who is connected now. Answers from memory, for whoever asks. */
@NullMarked
package io.postern.controller.presence;

import org.jspecify.annotations.NullMarked;
