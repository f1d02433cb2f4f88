package io.postern.client.hosting;

/** A socket that a hosted service stands for. */
public sealed interface Target {
    record Tcp(String host, int port) implements Target {
        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** A unix socket: how a container engine is reached. */
    record Unix(String path) implements Target {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
