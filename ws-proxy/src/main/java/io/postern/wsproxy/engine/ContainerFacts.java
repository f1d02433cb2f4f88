package io.postern.wsproxy.engine;

import java.util.Map;

/**
 * What an engine says of a container at one moment; by it rights are decided and a console is opened.
 *
 * @param id the engine's full id, 64 hexadecimal digits
 * @param name without the leading slash
 * @param image as the container was made from: name and tag, or an id
 * @param tty does its main process have a terminal?
 * @param stdin is its main process's input open?
 */
public record ContainerFacts(
        HostName host,
        String id,
        String name,
        String image,
        Map<String, String> labels,
        State state,
        boolean tty,
        boolean stdin) {
    public ContainerFacts {
        labels = Map.copyOf(labels);
    }

    /** The states in which an engine can have a container. */
    public enum State {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        EXITED,
        DEAD
    }
}
