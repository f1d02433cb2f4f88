/** What clients and edge routers say to each other: content types 60783 to 60806. */
@NullMarked
package io.postern.wire.edge;

import org.jspecify.annotations.NullMarked;
