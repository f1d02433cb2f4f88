/** Which controllers there are over this database, this one among them, and what they tell one another. */
@NullMarked
package io.postern.controller.replica;

import org.jspecify.annotations.NullMarked;
