/** Who may dial, bind and use which edge routers. */
@NullMarked
package io.postern.controller.policy;

import org.jspecify.annotations.NullMarked;
