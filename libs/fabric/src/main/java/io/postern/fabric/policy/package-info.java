/** Who a policy speaks of: role expressions against ids and role attributes. */
@NullMarked
package io.postern.fabric.policy;

import org.jspecify.annotations.NullMarked;
