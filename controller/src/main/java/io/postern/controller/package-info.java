/** Who may do what. */
@NullMarked
package io.postern.controller;

import org.jspecify.annotations.NullMarked;
