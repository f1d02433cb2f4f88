package io.postern.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.conformance.PosternNetwork;
import io.postern.conformance.Rest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What bytes cost: plain connections through router B's tunneler, the link, and router A's tunneler to a target, beside
 * the nginx pair in the same run. CPU is that of the two routers (and, for dials, of the controller), not of the load.
 */
final class DataBench {
    private static final String SERVICE = "bench";
    private static final int STREAMS = 8;
    private static final int IDLE = 1000;
    /** Ends of Circuits are kept for a few seconds. */
    private static final Duration SETTLE = Duration.ofSeconds(8);

    private static final int MOST_TURNS = 20;
    private static final long SETTLED_KIB = 256;

    /** After six seconds the compilers were seen at work in some runs and at rest in others. */
    private static final Duration WARM = Duration.ofSeconds(20);

    private static final Duration TIME = Duration.ofSeconds(6);

    private final Load.Target target;
    private final Path work;
    private final Set<String> parts;

    private DataBench(Load.Target target, Path work, Set<String> parts) {
        this.target = target;
        this.work = work;
        this.parts = parts;
    }

    /** @param parts of {@code bulk}, {@code round-trip}, {@code dials}, {@code idle}; all when there is none */
    static void run(Path root, Path work, Set<String> parts) throws Exception {
        try (Load.Target target = new Load.Target()) {
            new DataBench(target, work, parts).run(root);
        }
    }

    /** Measures something else over the same network: two routers with tunnelers, a service, a port that leads to it. */
    static void over(Path root, Path work, Measure measure) throws Exception {
        try (Load.Target target = new Load.Target()) {
            new DataBench(target, work, Set.of()).run(root, measure);
        }
    }

    @FunctionalInterface
    interface Measure {
        void of(PosternNetwork network, int port) throws Exception;
    }

    private void run(Path root) throws Exception {
        run(root, this::measure);
    }

    private void run(Path root, Measure measure) throws Exception {
        int port = NginxPair.freePort();
        try (PosternNetwork network = PosternNetwork.start(
                root,
                work,
                work,
                which -> List.of(
                        which == 'A'
                                ? "{ binding: tunnel, options: { mode: host } }"
                                : "{ binding: tunnel, options: { mode: proxy, services: [ \"%s:%d\" ] } }"
                                        .formatted(SERVICE, port)))) {
            offer(network);
            awaitService(port);
            measure.of(network, port);
        }
    }

    private void offer(PosternNetwork network) {
        Rest admin = network.admin();
        ObjectNode config = Rest.object().put("name", "bench-host").put("configTypeId", "host.v1");
        config.put("configTypeId", configType(admin));
        config.putObject("data")
                .put("protocol", "tcp")
                .put("address", "127.0.0.1")
                .put("port", target.port());
        ObjectNode service = Rest.object().put("name", SERVICE).put("encryptionRequired", false);
        service.putArray("configs").add(admin.create("configs", config));
        String serviceId = admin.create("services", service);
        policy(admin, "service-policies", "Bind", serviceId, network.routerAId());
        policy(admin, "service-policies", "Dial", serviceId, network.routerBId());
        ObjectNode everywhere = Rest.object().put("name", "bench-everywhere").put("semantic", "AnyOf");
        everywhere.putArray("edgeRouterRoles").add("#all");
        everywhere.putArray("serviceRoles").add("@" + serviceId);
        admin.create("service-edge-router-policies", everywhere);
        ObjectNode anyRouter = Rest.object().put("name", "bench-any-router").put("semantic", "AnyOf");
        anyRouter.putArray("edgeRouterRoles").add("#all");
        anyRouter.putArray("identityRoles").add("#all");
        admin.create("edge-router-policies", anyRouter);
    }

    private static String configType(Rest admin) {
        return admin.get(Rest.MANAGEMENT + "/config-types?filter=name%3D%22host.v1%22")
                .get(0)
                .path("id")
                .asText();
    }

    private static void policy(Rest admin, String kind, String type, String serviceId, String identityId) {
        ObjectNode policy =
                Rest.object().put("name", "bench-" + type).put("type", type).put("semantic", "AnyOf");
        policy.putArray("serviceRoles").add("@" + serviceId);
        policy.putArray("identityRoles").add("@" + identityId);
        admin.create(kind, policy);
    }

    /** Until a byte comes back through the whole path. */
    private static void awaitService(int port) throws Exception {
        IOException last = null;
        for (long end = System.nanoTime() + 60_000_000_000L; System.nanoTime() < end; Thread.sleep(200)) {
            try (Socket probe = new Socket()) {
                probe.setSoTimeout(5000);
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                probe.getOutputStream().write(new byte[] {'e', 1});
                if (probe.getInputStream().read() == 1) {
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("no byte crossed the two routers within a minute", last);
    }

    private void measure(PosternNetwork network, int port) throws Exception {
        List<Long> routers = List.of(network.pid('A'), network.pid('B'));
        if (wanted("bulk")) {
            bulkBesideNginx(port, routers);
        }
        if (wanted("round-trip")) {
            Load.roundTripMicros(port, 2000);
            Figure.print("round_trip_p50", Load.roundTripMicros(port, 4000), "us", "<=300");
        }
        if (wanted("dials")) {
            DialsBench.measure(network, port);
        }
        if (wanted("idle")) {
            idle(routers, port);
        }
    }

    private boolean wanted(String part) {
        return parts.isEmpty() || parts.contains(part);
    }

    private void bulkBesideNginx(int port, List<Long> routers) throws Exception {
        Load.bulk(port, target, STREAMS, WARM);
        Bulk ours = bulk(port, routers);
        Optional<NginxPair> pair = NginxPair.start(work, target.port());
        if (pair.isPresent()) {
            try (NginxPair nginx = pair.get()) {
                Bulk theirs = bulk(nginx.port, nginx.pids());
                Figure.print("bulk_nginx_core_s_per_gbit", theirs.cpuPerGbit(), "core-s/Gbit", "-");
                Figure.print("bulk_nginx_gbit_per_s", theirs.rate(), "Gbit/s", "-");
                Figure.print("bulk_ratio_to_nginx", ours.cpuPerGbit() / theirs.cpuPerGbit(), "x", "-");
                Figure.print("round_trip_nginx_p50", Load.roundTripMicros(nginx.port, 3000), "us", "-");
            }
        }
        Figure.print("bulk_core_s_per_gbit", ours.cpuPerGbit(), "core-s/Gbit", "<=0.60");
        Figure.print("bulk_gbit_per_s", ours.rate(), "Gbit/s", "-");
    }

    private record Bulk(double cpuPerGbit, double rate) {}

    private Bulk bulk(int port, List<Long> pids) throws Exception {
        double cpu = ProcessCpu.seconds(pids);
        long start = System.nanoTime();
        long bytes = Load.bulk(port, target, STREAMS, TIME);
        double seconds = (System.nanoTime() - start) / 1e9;
        double gbit = bytes * 8 / 1e9;
        return new Bulk((ProcessCpu.seconds(pids) - cpu) / gbit, gbit / seconds);
    }

    private void idle(List<Long> routers, int port) throws Exception {
        Load.hold(port, IDLE).forEach(DataBench::close); // what is kept of a first time is nobody's
        long heap = settledHeap(routers);
        long resident = ProcessCpu.residentKib(routers);
        List<Socket> held = new ArrayList<>();
        try {
            held.addAll(Load.hold(port, IDLE));
            heap = settledHeap(routers) - heap;
            resident = ProcessCpu.residentKib(routers) - resident;
            Figure.print("idle_circuit_kib", resident / (double) IDLE, "KiB", "<=54");
            Figure.print("idle_circuit_heap_kib", heap / (double) IDLE, "KiB", "-");
        } finally {
            held.forEach(DataBench::close);
        }
    }

    /** KiB that live once circuits have come or gone: ends are acknowledged, and kept for a while in case they are asked for. */
    private static long settledHeap(List<Long> routers) throws Exception {
        long before = Long.MAX_VALUE;
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            Thread.sleep(SETTLE.toMillis());
            long now = ProcessCpu.liveHeapKib(routers);
            if (Math.abs(before - now) < SETTLED_KIB) {
                return now;
            }
            before = now;
        }
        return before;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
