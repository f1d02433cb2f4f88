/** This router's copy of the router data model: subscribed, kept on disk, asked for tokens and rights. */
@NullMarked
package io.postern.router.model;

import org.jspecify.annotations.NullMarked;
