package io.postern.transport;

import java.util.concurrent.CompletionStage;

/** Decides on a hello. Called on the connection's loop; the answer may come later from any thread, within the hello timeout. */
@FunctionalInterface
public interface ChannelAcceptor {
    CompletionStage<HelloAnswer> hello(PendingHello hello);
}
