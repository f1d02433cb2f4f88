/** The model as the network needs it: entities and resolved policies in memory, kept level with the database by index. */
@NullMarked
package io.postern.controller.model;

import org.jspecify.annotations.NullMarked;
