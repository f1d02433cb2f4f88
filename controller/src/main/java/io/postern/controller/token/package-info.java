/** The tokens of API Sessions and Sessions: signed for clients, verified when clients or routers show them. */
@NullMarked
package io.postern.controller.token;

import org.jspecify.annotations.NullMarked;
