package io.postern.wsproxy.engine;

/** What an engine tells of its containers by itself. */
public sealed interface ContainerEvent {
    String containerId();

    record Died(String containerId, int exitCode) implements ContainerEvent {}

    record Paused(String containerId) implements ContainerEvent {}

    record Unpaused(String containerId) implements ContainerEvent {}

    record Renamed(String containerId, String name) implements ContainerEvent {}

    record Destroyed(String containerId) implements ContainerEvent {}
}
