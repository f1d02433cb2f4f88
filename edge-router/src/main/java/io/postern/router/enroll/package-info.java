/** Gets this router its certificates, and renews them. */
@NullMarked
package io.postern.router.enroll;

import org.jspecify.annotations.NullMarked;
