package io.postern.cli.tunnel;

import io.postern.client.Connection;
import io.postern.client.Listener;
import io.postern.client.hosting.AppData;
import io.postern.client.hosting.HostConfig;
import io.postern.client.hosting.HostConfig.Resolution;
import io.postern.client.hosting.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** One service hosted in this process: every connection is joined with a socket of this machine. */
final class HostedService implements AutoCloseable {
    private final Listener listener;
    private final HostConfig config;
    private final Places places;
    private final Notices notices;

    HostedService(Listener listener, HostConfig config, Places places, Notices notices) {
        this.listener = listener;
        this.config = config;
        this.places = places;
        this.notices = notices;
        Thread.ofVirtual().name("host-" + listener.service()).start(this::accept);
    }

    HostConfig config() {
        return config;
    }

    /** False once it was taken away for good; a router or a channel that is lost is not that. */
    boolean isOpen() {
        return listener.isOpen();
    }

    /** What {@code config} stands for, for people. */
    static String describe(HostConfig config) {
        return switch (config.resolve(AppData.NONE)) {
            case Resolution.Dial(Target target) -> target.toString();
            case Resolution.Refuse ignored -> "what each dial asks for";
        };
    }

    private void accept() {
        try {
            while (true) {
                Connection connection = listener.accept();
                places.take("hosted-" + listener.service(), () -> serve(connection));
            }
        } catch (IOException e) {
            // The listener is closed, and whoever closed it knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Connection connection) {
        switch (config.resolve(AppData.read(connection.appData()))) {
            case Resolution.Refuse(var ignored, String why) -> {
                notices.warned("refused a connection to service " + listener.service() + ": " + why);
                connection.close();
            }
            case Resolution.Dial(Target target) -> {
                try {
                    new Bridge(connect(target, config.connectTimeout()), connection).run();
                } catch (IOException e) {
                    notices.warned("service " + listener.service() + ": " + target + " does not answer ("
                            + e.getMessage() + "), circuit " + connection.circuitId());
                    connection.close();
                }
            }
        }
    }

    /** A connected socket; of TCP without delay for small writes. */
    static SocketChannel connect(Target target, Duration timeout) throws IOException {
        return switch (target) {
            case Target.Unix(String path) -> SocketChannel.open(UnixDomainSocketAddress.of(path));
            case Target.Tcp(String host, int port) -> {
                SocketChannel channel = SocketChannel.open();
                try {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                    channel.socket().connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
                    yield channel;
                } catch (IOException | RuntimeException e) {
                    channel.close();
                    throw e instanceof IOException io ? io : new IOException("no such address: " + host, e);
                }
            }
        };
    }

    @Override
    public void close() {
        listener.close();
    }
}
