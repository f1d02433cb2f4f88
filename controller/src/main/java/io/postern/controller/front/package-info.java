/** The one port: TLS, application protocols, prefixes of the REST APIs. Knows no feature. */
@NullMarked
package io.postern.controller.front;

import org.jspecify.annotations.NullMarked;
