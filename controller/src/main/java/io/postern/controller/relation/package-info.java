/** What belongs to what: the lists below one entity, the role attributes in use, the counts. Above all kinds. */
@NullMarked
package io.postern.controller.relation;

import org.jspecify.annotations.NullMarked;
