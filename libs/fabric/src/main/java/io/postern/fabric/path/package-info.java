/** Chooses terminators and paths, and says what each router on a path has to forward. Pure: a view goes in, a plan or a refusal comes out. */
@NullMarked
package io.postern.fabric.path;

import org.jspecify.annotations.NullMarked;
