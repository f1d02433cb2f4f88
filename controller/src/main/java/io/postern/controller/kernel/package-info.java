/** What can be done to any kind: list, create, read, change, delete, number the change. Knows no kind. */
@NullMarked
package io.postern.controller.kernel;

import org.jspecify.annotations.NullMarked;
