/** Lets edge routers enroll with the token that their orchestrator gives them. Knows such tokens, and nothing of certificates. */
@NullMarked
package io.postern.controller.workload;

import org.jspecify.annotations.NullMarked;
