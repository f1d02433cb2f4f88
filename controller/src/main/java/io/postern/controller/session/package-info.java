/** API Sessions and Sessions as administrators see and end them. */
@NullMarked
package io.postern.controller.session;

import org.jspecify.annotations.NullMarked;
