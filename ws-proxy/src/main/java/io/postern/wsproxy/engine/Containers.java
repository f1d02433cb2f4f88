package io.postern.wsproxy.engine;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds containers. Any thread; stages complete on any thread and fail with {@link EngineRefusal}. */
public interface Containers {
    /** The hosts that are known now, reachable or not. */
    List<HostName> hosts();

    /** Containers of a host, running or not, at most a thousand. */
    CompletionStage<List<ContainerFacts>> list(HostName host);

    /**
     * One container, by its id, twelve or more first digits of it, or its name. The answer names it by its whole id, which is
     * what later calls use.
     */
    CompletionStage<ContainerFacts> find(HostName host, String reference);
}
