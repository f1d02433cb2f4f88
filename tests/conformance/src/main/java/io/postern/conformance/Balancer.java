package io.postern.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plain TCP load balancer: each connection goes to the next backend in turn, or to the one after it when that takes no
 * connection. It knows nothing of what it carries.
 */
final class Balancer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket listener;
    private final List<Integer> backends;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Balancer(ServerSocket listener, List<Integer> backends) {
        this.listener = listener;
        this.backends = List.copyOf(backends);
    }

    /** @param backends ports on loopback */
    static Balancer start(List<Integer> backends) throws IOException {
        Balancer balancer = new Balancer(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), backends);
        Thread.ofPlatform().daemon().name("balancer").start(balancer::accept);
        return balancer;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // closed, or a client that went before it was taken
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Socket backend = connect()) {
            open.add(backend);
            client.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> copy(backend, client));
            copy(client, backend);
            back.join();
            open.remove(backend);
        } catch (IOException e) {
            // no backend takes it: the client sees its connection close
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private Socket connect() throws IOException {
        int first = turn.getAndIncrement();
        IOException failure = new IOException("no backend");
        for (int i = 0; i < backends.size(); i++) {
            Socket socket = new Socket();
            try {
                int port = backends.get(Math.floorMod(first + i, backends.size()));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    /** Until the end of data, which is passed on; an error ends both directions. */
    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[32 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            shut(from);
            shut(to);
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // it is closed
        }
        open.forEach(Balancer::shut);
    }
}
