package io.postern.wsproxy.engine;

/** Name of a container host: of the service that its engine's socket is, or of a local socket in the configuration. */
public record HostName(String value) {
    @Override
    public String toString() {
        return value;
    }
}
