/** The browser page, which is a few files: serves them and says what a browser may let them do. Knows no container. */
@NullMarked
package io.postern.wsproxy.page;

import org.jspecify.annotations.NullMarked;
