package io.postern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What is sent through a path: bulk, ping-pong, connections. All of it over loopback, all of it bounded in time. */
final class Load {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int TIMEOUT = 20_000;

    private Load() {}

    /** Takes what comes and counts it; a first byte of {@code 'e'} turns a connection into an echo. */
    static final class Target implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1024, LOOPBACK);
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        final AtomicLong received = new AtomicLong();

        Target() throws IOException {
            threads.submit(() -> {
                while (true) {
                    Socket socket = server.accept();
                    threads.submit(() -> serve(socket));
                }
            });
        }

        int port() {
            return server.getLocalPort();
        }

        private Void serve(Socket socket) throws IOException {
            try (socket) {
                socket.setTcpNoDelay(true);
                var in = socket.getInputStream();
                var out = socket.getOutputStream();
                boolean echo = in.read() == 'e';
                byte[] buffer = new byte[256 * 1024];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    received.addAndGet(n);
                    if (echo) {
                        out.write(buffer, 0, n);
                    }
                }
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }

    /** Bytes that reached the target while {@code streams} connections wrote as fast as they could. */
    static long bulk(int port, Target target, int streams, Duration time) throws Exception {
        long before = target.received.get();
        long end = System.nanoTime() + time.toNanos();
        all(streams, () -> {
            try (Socket socket = open(port)) {
                var out = socket.getOutputStream();
                out.write('s');
                byte[] block = new byte[64 * 1024];
                while (System.nanoTime() < end) {
                    out.write(block);
                }
            }
            return null;
        });
        return target.received.get() - before;
    }

    /** Median time in microseconds of a 64-byte round trip on one connection. */
    static double roundTripMicros(int port, int rounds) throws Exception {
        try (Socket socket = open(port)) {
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            out.write('e');
            byte[] ping = new byte[64];
            long[] times = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                long start = System.nanoTime();
                out.write(ping);
                if (in.readNBytes(64).length != 64) {
                    throw new IOException("the path closed after " + i + " round trips");
                }
                times[i] = System.nanoTime() - start;
            }
            Arrays.sort(times);
            return times[rounds / 2] / 1000.0;
        }
    }

    /** Connections opened, proved by one echoed byte, and closed by {@code parallel} callers, however long it takes. */
    static void dials(int port, int parallel, int count) throws Exception {
        AtomicInteger left = new AtomicInteger(count);
        all(parallel, () -> {
            while (left.getAndDecrement() > 0) {
                try (Socket socket = open(port)) {
                    echoOnce(socket);
                }
            }
            return null;
        });
    }

    /** Opens connections, each proved by one echoed byte, and keeps them. */
    static List<Socket> hold(int port, int count) throws IOException {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = open(port);
            echoOnce(socket);
            held.add(socket);
        }
        return held;
    }

    private static void echoOnce(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[] {'e', 1});
        if (socket.getInputStream().read() != 1) {
            throw new IOException("the path did not echo");
        }
    }

    private static Socket open(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT);
        socket.connect(new InetSocketAddress(LOOPBACK, port), TIMEOUT);
        return socket;
    }

    private static void all(int count, Callable<Void> task) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(task));
            }
            threads.shutdown();
            if (!threads.awaitTermination(5, TimeUnit.MINUTES)) {
                threads.shutdownNow();
                throw new IllegalStateException("load did not end within five minutes");
            }
            for (Future<Void> each : running) {
                each.get();
            }
        }
    }
}
