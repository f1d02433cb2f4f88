/** Links to the other routers: listening, dialling, reconciling. */
@NullMarked
package io.postern.router.link;

import org.jspecify.annotations.NullMarked;
