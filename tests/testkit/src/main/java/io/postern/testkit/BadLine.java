package io.postern.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A line to a port of this machine that breaks when it is told to, or after a number of bytes; from any thread. */
public final class BadLine implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean refusing;

    /** To a port of this machine. */
    public BadLine(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens, on loopback. */
    public int port() {
        return server.getLocalPort();
    }

    /** Connections that came so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Breaks whatever is open after so many more bytes, of either way. */
    public void cutAfter(long bytes) {
        left.set(bytes);
    }

    /** Breaks whatever is open now, without a word to either side. */
    public void cut() {
        open.forEach(BadLine::quietly);
    }

    /** Whether what comes from now on is closed at once; to begin with it also breaks what is open. */
    public void refuse(boolean refuse) {
        refusing = refuse;
        if (refuse) {
            cut();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket here = server.accept();
                if (refusing) {
                    here.close();
                    continue;
                }
                accepted.incrementAndGet();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(here);
                open.add(there);
                Thread.ofVirtual().start(() -> pass(here, there));
                Thread.ofVirtual().start(() -> pass(there, here));
            } catch (IOException e) {
                // closed, or the other side is not there
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] piece = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                long rest = left.addAndGet(-n);
                if (rest <= 0) {
                    left.set(Long.MAX_VALUE);
                    int before = (int) Math.max(0, n + rest);
                    out.write(piece, 0, before);
                    out.flush();
                    cut();
                    return;
                }
                out.write(piece, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            quietly(from);
            quietly(to);
        }
        open.remove(from);
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone is gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
