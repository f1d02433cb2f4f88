package io.postern.wsproxy.front;

import io.netty.channel.EventLoop;
import io.postern.wsproxy.engine.ArchiveIn;
import io.postern.wsproxy.engine.ArchiveOut;
import io.postern.wsproxy.engine.ContainerFacts;
import java.util.concurrent.CompletionStage;

/** Files in and out of containers, as tars; what the engine room does of it. */
public interface Copies {
    CompletionStage<ArchiveOut> out(ContainerFacts container, String path, EventLoop loop, ArchiveOut.Sink sink);

    CompletionStage<ArchiveIn> in(ContainerFacts container, String path, EventLoop loop, Runnable writable);
}
