/** Reads the filter language of lists (SDK sheet 2.4). Knows no entity and no database. */
@NullMarked
package io.postern.api.filter;

import org.jspecify.annotations.NullMarked;
