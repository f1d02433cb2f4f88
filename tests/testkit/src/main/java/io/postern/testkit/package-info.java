/** What tests share. */
@NullMarked
package io.postern.testkit;

import org.jspecify.annotations.NullMarked;
