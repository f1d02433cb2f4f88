/** Configs, which tell a service's users how to use it, and the types that give them shape. */
@NullMarked
package io.postern.controller.config;

import org.jspecify.annotations.NullMarked;
