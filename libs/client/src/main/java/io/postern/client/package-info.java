/** The Java client: enroll, authenticate, list, dial, bind. */
@NullMarked
package io.postern.client;

import org.jspecify.annotations.NullMarked;
