/** The router data model as routers get it: whole on request, then change set by change set. */
@NullMarked
package io.postern.controller.rdm;

import org.jspecify.annotations.NullMarked;
