/** Edge routers as the model knows them. */
@NullMarked
package io.postern.controller.router;

import org.jspecify.annotations.NullMarked;
