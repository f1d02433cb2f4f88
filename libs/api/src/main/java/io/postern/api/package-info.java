/** The REST vocabulary: envelope, error codes, filter language. */
@NullMarked
package io.postern.api;

import org.jspecify.annotations.NullMarked;
