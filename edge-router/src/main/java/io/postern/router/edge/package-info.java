/** The SDK listener: clients' Channels with the connections and binds they carry. */
@NullMarked
package io.postern.router.edge;

import org.jspecify.annotations.NullMarked;
