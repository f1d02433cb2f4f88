package io.postern.wsproxy.engine;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletionStage;

/** Opens streams to one host's engine. Any thread. */
interface HostDialer {
    /**
     * A stream for bulk, which nothing else shares: pausing it pauses nothing beside it. Fails with {@link EngineRefusal}.
     */
    CompletionStage<HostStream> dial(EventLoop loop);

    /** A stream for a short call, on whatever loop is cheapest; readers must keep up. Fails with {@link EngineRefusal}. */
    default CompletionStage<HostStream> dialBriefly(EventLoop loop) {
        return dial(loop);
    }
}
