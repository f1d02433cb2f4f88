package io.postern.router.ctrl;

import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import java.util.concurrent.CompletionStage;

/** Opens control channels: says the hello of this router. */
@FunctionalInterface
public interface ControlDialer {
    /** @param wanted id of the controller that is to answer, where one address stands for several; empty for any */
    CompletionStage<Channel> dial(Address address, String wanted, ChannelHandler handler);
}
