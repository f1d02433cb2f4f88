/** Knows why an identity can or cannot reach a service: pure decisions over what the controller tells. */
@NullMarked
package io.postern.cli.advice;

import org.jspecify.annotations.NullMarked;
