package io.postern.router.tunnel;

import io.postern.router.tunnel.TunnelSettings.Mode;
import io.postern.router.tunnel.TunnelSettings.Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much processor a gigabit costs on its way client, tunneler, Link with TLS, tunneler, server: both routers' loops,
 * not the load. Not a test; run by hand: {@code java -cp … io.postern.router.tunnel.TunnelThroughput [streams] [seconds]
 * [encrypted]}.
 */
final class TunnelThroughput {
    private TunnelThroughput() {}

    public static void main(String[] args) throws Exception {
        int streams = args.length > 0 ? Integer.parseInt(args[0]) : 4;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        boolean encrypted = args.length > 2 && Boolean.parseBoolean(args[2]);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TunnelRig rig = new TunnelRig(1, new TunnelSettings(Mode.PROXY, List.of(new Proxy("load", 0))))) {
            AtomicLong read = new AtomicLong();
            Thread.ofPlatform().daemon().start(() -> accept(server, read));
            rig.service(
                    "load",
                    encrypted,
                    "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":" + server.getLocalPort() + "}");
            while (rig.a.tunneler.proxyPort("load") < 0 || rig.terminators.isEmpty()) {
                Thread.sleep(20);
            }
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.a.tunneler.proxyPort("load"));
                sockets.add(socket);
                Thread.ofPlatform().daemon().start(() -> write(socket));
            }
            Thread.sleep(seconds * 500L);
            long bytes = read.get();
            long cpu = routers();
            long start = System.nanoTime();
            Thread.sleep(seconds * 1000L);
            double gigabits = (read.get() - bytes) * 8 / 1e9;
            double core = (routers() - cpu) / 1e9;
            double wall = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "streams %d: %.2f Gbit/s, %.3f core-s per Gbit, sent %d retransmitted %d%n",
                    streams,
                    gigabits / wall,
                    core / gigabits,
                    rig.a.circuits.counters().sentPayloads.sum(),
                    rig.a.circuits.counters().retransmitted.sum());
            for (Socket socket : sockets) {
                socket.close();
            }
            Thread.sleep(500);
            var seen = rig.a.circuits.counters();
            System.out.printf(
                    "payloads %d of %d bytes, retransmitted %d%n",
                    seen.sentPayloads.sum(),
                    seen.sentBytes.sum() / Math.max(1, seen.sentPayloads.sum()),
                    seen.retransmitted.sum());
        }
        System.exit(0);
    }

    private static long routers() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("router-")) {
                sum += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return sum;
    }

    private static void accept(ServerSocket server, AtomicLong read) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> {
                    byte[] buffer = new byte[256 * 1024];
                    try (socket) {
                        InputStream in = socket.getInputStream();
                        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                            read.addAndGet(n);
                        }
                    } catch (IOException e) {
                        // over
                    }
                });
            }
        } catch (IOException e) {
            // over
        }
    }

    private static void write(Socket socket) {
        byte[] buffer = new byte[256 * 1024];
        try {
            OutputStream out = socket.getOutputStream();
            while (true) {
                out.write(buffer);
            }
        } catch (IOException e) {
            // over
        }
    }
}
