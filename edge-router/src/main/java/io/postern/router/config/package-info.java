/** Reads the router's YAML: the keys of stock routers, with sentences for what is wrong. */
@NullMarked
package io.postern.router.config;

import org.jspecify.annotations.NullMarked;
