/** How identities and edge routers come to have credentials. */
@NullMarked
package io.postern.controller.enrollment;

import org.jspecify.annotations.NullMarked;
