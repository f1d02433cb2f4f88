package io.postern.cli.tunnel;

import io.postern.client.Connection;
import io.postern.client.DialOptions;
import io.postern.client.PosternClient;
import io.postern.client.hosting.AppData;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A listening port of this machine: every connection that is made to it is dialled to the service. */
final class ProxiedService implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final String service;
    private final PosternClient client;
    private final ServerSocketChannel port;
    private final Places places;
    private final Notices notices;

    /** Fails where the port cannot be had. */
    ProxiedService(String service, InetSocketAddress address, PosternClient client, Places places, Notices notices)
            throws IOException {
        this.service = service;
        this.client = client;
        this.places = places;
        this.notices = notices;
        this.port = ServerSocketChannel.open();
        try {
            port.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            port.bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            port.close();
            throw e;
        }
        Thread.ofVirtual().name("proxy-" + service).start(this::accept);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) port.getLocalAddress();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel socket = port.accept();
                places.take("proxied-" + service, () -> dial(socket));
            }
        } catch (IOException e) {
            // The port is closed, and whoever closed it knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dial(SocketChannel socket) {
        try (socket) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress here = (InetSocketAddress) socket.getLocalAddress();
            String from = String.valueOf(socket.getRemoteAddress()).replaceFirst("^/", "");
            byte[] data = AppData.write(here.getAddress().getHostAddress(), here.getPort(), from);
            Connection connection;
            try {
                connection = client.dial(service, DialOptions.DEFAULT.withAppData(data));
            } catch (IOException e) {
                notices.warned("service " + service + " cannot be reached: " + e.getMessage());
                socket.setOption(StandardSocketOptions.SO_LINGER, 0); // a reset: an end would look like an answer
                return;
            }
            new Bridge(socket, connection).run();
        } catch (IOException e) {
            notices.warned("service " + service + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            port.close();
        } catch (IOException e) {
            // Nothing can be done about it.
        }
    }
}
