/** Starts the controller: embedded PostgreSQL, configuration, life with the parent process. Knows no feature. */
@NullMarked
package io.postern.controller.boot;

import org.jspecify.annotations.NullMarked;
