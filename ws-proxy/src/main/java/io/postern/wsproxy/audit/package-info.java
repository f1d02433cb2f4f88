/**
 * Puts on record what happens at consoles: one log line and one event for the controller each. Decides nothing, and never
 * makes anybody wait.
 */
@NullMarked
package io.postern.wsproxy.audit;

import org.jspecify.annotations.NullMarked;
