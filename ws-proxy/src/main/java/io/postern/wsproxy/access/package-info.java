/** Who may do what with which container: asks the controller, believes it for a moment, and says when it changes. */
@NullMarked
package io.postern.wsproxy.access;

import org.jspecify.annotations.NullMarked;
