/** How an identity proves who it is and gets an API Session. */
@NullMarked
package io.postern.controller.login;

import org.jspecify.annotations.NullMarked;
