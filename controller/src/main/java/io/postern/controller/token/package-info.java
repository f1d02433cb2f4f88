/** Verifies the tokens that routers hand on: API Sessions and Sessions of their clients. */
@NullMarked
package io.postern.controller.token;

import org.jspecify.annotations.NullMarked;
