package io.postern.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a port of this machine that breaks when it is told to. */
final class BadLine implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    BadLine(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections that came so far. */
    int accepted() {
        return accepted.get();
    }

    /** Breaks everything that is open, without a word to either side. */
    void cut() {
        open.forEach(BadLine::drop);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket here = server.accept();
                accepted.incrementAndGet();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(here);
                open.add(there);
                Thread.ofVirtual().start(() -> pass(here, there));
                Thread.ofVirtual().start(() -> pass(there, here));
            } catch (IOException e) {
                // closed, or nobody is there: the client sees it
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            drop(from);
            drop(to);
        }
        open.remove(from);
    }

    private static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it has gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
