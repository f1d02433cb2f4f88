/**
 * What a console proxy needs of the controller: who may do what with which containers, when that changes, tickets, and a
 * place for what happened. Knows no container and no WebSocket.
 */
@NullMarked
package io.postern.controller.console;

import org.jspecify.annotations.NullMarked;
