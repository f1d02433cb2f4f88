/** The router data model as a value that events change: who exists, who may, which tokens count. Knows no clock. */
@NullMarked
package io.postern.fabric.model;

import org.jspecify.annotations.NullMarked;
