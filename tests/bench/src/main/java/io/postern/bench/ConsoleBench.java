package io.postern.bench;

import io.postern.conformance.ConsoleWorld;
import io.postern.conformance.PosternNetwork;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a console costs through ws-proxy, with the engine's socket on the same machine and through the overlay, beside the
 * engine's own stream, beside websockify and ttyd, and beside nginx that passes the bytes on unseen: what is left to any proxy
 * of a stream when it, the engine and the client share the machine. Like stands beside like: websockify, ttyd and one nginx
 * speak without TLS, as {@code local_plain} does; {@code local}, {@code overlay} and the other nginx speak TLS. One run; all
 * ways take turns, so that a noisy machine is as noisy for all. Recording is off.
 */
final class ConsoleBench {
    private static final int ROUNDS = 7;
    private static final int PLAIN_MIB = 16;
    private static final int TTY_MIB = 3;
    private static final int ECHOES = 400;
    private static final int IDLE_BEFORE = 100;
    private static final int IDLE = 500;
    private static final String ENGINE = "engine";
    private static final String LOCAL = "local";
    /** By the port without TLS. */
    private static final String LOCAL_PLAIN = "local_plain";

    /** The proxy and both routers together. */
    private static final String OVERLAY = "overlay";

    private static final String ROUTERS = "overlay_routers";
    private static final String WEBSOCKIFY = "websockify";
    private static final String TTYD = "ttyd";
    /** nginx in the place of a proxy. */
    private static final String RELAY = "relay";

    private static final String RELAY_TLS = "relay_tls";
    static final String RAW = "stty raw -echo; ";
    private static final String ECHO = RAW + "echo ready; exec cat";
    private static final int READY = 6;

    private final ConsoleWorld world;
    private final List<Long> routers;
    private final String container;
    private final String token;
    private final Map<String, Way.Opening> ways = new LinkedHashMap<>();
    private final Map<String, List<Bulk.Between>> between = new LinkedHashMap<>();

    private ConsoleBench(ConsoleWorld world, List<Long> routers) {
        this.world = world;
        this.routers = routers;
        this.container = world.engine().container(List.of(), "sleep", "100000");
        this.token = world.token("alice");
    }

    /** @param parts of {@code bulk}, {@code tty}, {@code echo}, {@code idle}; all when there is none of these; {@code near} leaves overlay, websockify and ttyd out */
    static void run(Path root, Path work, Set<String> parts) throws Exception {
        try (PosternNetwork network = PosternNetwork.start(
                        root, work, work, which -> List.of("{ binding: tunnel, options: { mode: host } }"));
                ConsoleWorld world = new ConsoleWorld(root, work, work, network, false).alsoLocal()) {
            world.start();
            new ConsoleBench(world, List.of(network.pid('A'), network.pid('B'))).measure(work, parts);
        }
    }

    private void measure(Path work, Set<String> parts) throws Exception {
        Path socket = world.engine().socket();
        boolean near = parts.contains("near");
        ways.put(ENGINE, (tty, script) -> RawExec.start(socket, container, tty, script));
        String local = world.hosts().getFirst();
        List<Long> proxy = List.of(world.proxyPid());
        ways.put(LOCAL, (tty, script) -> proxied(world.address(), local, tty, script));
        between.put(LOCAL, List.of(new Bulk.Between(LOCAL, proxy)));
        ways.put(LOCAL_PLAIN, (tty, script) -> proxied(world.plainAddress(), local, tty, script));
        between.put(LOCAL_PLAIN, List.of(new Bulk.Between(LOCAL_PLAIN, proxy)));
        if (!near) {
            String overlay = world.hosts().getLast();
            ways.put(OVERLAY, (tty, script) -> proxied(world.address(), overlay, tty, script));
            List<Long> both = Stream.concat(proxy.stream(), routers.stream()).toList();
            between.put(OVERLAY, List.of(new Bulk.Between(OVERLAY, both), new Bulk.Between(ROUTERS, routers)));
        }
        Optional<Relay> relay = Relay.start(Files.createDirectories(work.resolve("relay")), socket, container);
        relay.ifPresent(nginx -> {
            ways.put(RELAY, (tty, script) -> nginx.open(false, tty, script));
            ways.put(RELAY_TLS, (tty, script) -> nginx.open(true, tty, script));
            between.put(RELAY, List.of(new Bulk.Between(RELAY, nginx.pids())));
            between.put(RELAY_TLS, List.of(new Bulk.Between(RELAY_TLS, nginx.pids())));
        });
        Optional<Websockify> websockify = near ? Optional.empty() : Websockify.start(socket, container);
        websockify.ifPresent(other -> ways.put(WEBSOCKIFY, other::open));
        Optional<Ttyd> ttyd = near ? Optional.empty() : Ttyd.start(socket, container);
        try {
            if (wanted(parts, "bulk")) {
                bulk("bulk", false, PLAIN_MIB);
            }
            ttyd.ifPresent(other -> ways.put(TTYD, (tty, script) -> other.open(script)));
            if (wanted(parts, "tty")) {
                bulk("bulk_tty", true, TTY_MIB);
            }
            if (wanted(parts, "echo")) {
                echo();
            }
            if (wanted(parts, "idle")) {
                idle(local);
            }
        } finally {
            relay.ifPresent(Relay::close);
            websockify.ifPresent(Websockify::close);
            ttyd.ifPresent(Ttyd::close);
        }
    }

    /** @param mib of one turn */
    private void bulk(String name, boolean tty, int mib) throws Exception {
        Map<String, String> goals = Map.of(LOCAL, ">=0.90", LOCAL_PLAIN, ">=0.90");
        Set<String> often = Set.of(ENGINE, LOCAL, LOCAL_PLAIN);
        Bulk bulk = new Bulk(name, tty, mib, ways, often, between).measure();
        bulk.print(ENGINE, goals);
        bulk.printRatio("local_of_relay_tls", LOCAL, RELAY_TLS, "-");
    }

    private static boolean wanted(Set<String> parts, String part) {
        return parts.contains(part) || Set.of("near").containsAll(parts);
    }

    private Way proxied(String proxy, String host, boolean tty, String script) throws IOException {
        String query = "command=sh&command=-c&command=" + URLEncoder.encode(script, StandardCharsets.UTF_8)
                + "&stdin=true&tty=" + tty;
        URI address = URI.create(
                proxy.replaceFirst("http", "ws") + "/v1/hosts/" + host + "/containers/" + container + "/exec?" + query);
        WsClient client = new WsClient(address, "console.postern.v1", List.of("Authorization: Bearer " + token));
        return new Way() {
            @Override
            public int read() throws IOException {
                return client.output();
            }

            @Override
            public void write(byte one) throws IOException {
                client.input(one);
            }

            @Override
            public void close() throws IOException {
                client.text("{\"type\":\"detach\"}");
                client.close();
            }
        };
    }

    static void awaitReady(Way way) throws IOException {
        await(way, READY);
    }

    private static void await(Way way, int output) throws IOException {
        for (int bytes = 0; bytes < output; ) {
            int some = way.read();
            if (some < 0) {
                throw new IOException("the command ended before it had printed what was awaited");
            }
            bytes += some;
        }
    }

    private void echo() throws Exception {
        Map<String, List<Double>> medians = new LinkedHashMap<>();
        for (int round = -1; round < ROUNDS; round++) {
            for (Map.Entry<String, Way.Opening> way : ways.entrySet()) {
                double median = echo(way.getValue());
                if (round >= 0) {
                    medians.computeIfAbsent(way.getKey(), key -> new ArrayList<>())
                            .add(median);
                }
            }
        }
        double plain = median(medians.get(ENGINE));
        medians.forEach((way, all) -> {
            Figure.print("echo_" + way + "_p50", median(all), "ms", "-");
            if (!way.equals(ENGINE)) {
                String goal = way.equals(LOCAL) ? "<=0.50" : "-";
                Figure.print("echo_" + way + "_added_p50", median(all) - plain, "ms", goal);
            }
        });
    }

    /** One byte at a time to a terminal and back. @return the median, in ms */
    private static double echo(Way.Opening opening) throws Exception {
        try (Way way = opening.open(true, ECHO)) {
            awaitReady(way);
            double[] times = new double[ECHOES];
            for (int i = 0; i < ECHOES; i++) {
                long begin = System.nanoTime();
                way.write((byte) 'x');
                await(way, 1);
                times[i] = (System.nanoTime() - begin) / 1e6;
                Thread.sleep(1);
            }
            Arrays.sort(times);
            return times[ECHOES / 2];
        }
    }

    private static double median(List<Double> all) {
        return all.stream().sorted().toList().get(all.size() / 2);
    }

    /** Sessions that are open and do nothing; what the first ones need for all is not theirs. */
    /**
     * What each of many more sessions takes, all of them staying: one that is closed gives back what it has when it likes to. So many
     * that what compilers take and give back meanwhile weighs little.
     */
    private void idle(String host) throws Exception {
        List<Long> proxy = List.of(world.proxyPid());
        List<Way> sessions = new ArrayList<>();
        try {
            open(host, IDLE_BEFORE, sessions);
            long heap = ProcessCpu.liveHeapKib(proxy);
            long beside = ProcessCpu.besideHeapAndCodeKib(world.proxyPid());
            long threads = threads();
            open(host, IDLE, sessions);
            heap = ProcessCpu.liveHeapKib(proxy) - heap;
            beside = ProcessCpu.besideHeapAndCodeKib(world.proxyPid()) - beside;
            Figure.print("idle_session_kib", (heap + beside) / (double) IDLE, "KiB", "<=60");
            Figure.print("idle_session_heap_kib", heap / (double) IDLE, "KiB", "-");
            Figure.print("idle_session_threads", (threads() - threads) / (double) IDLE, "threads", "<=0");
        } finally {
            close(sessions);
        }
    }

    private static void close(List<Way> sessions) throws IOException {
        for (Way session : sessions) {
            session.close();
        }
        sessions.clear();
    }

    private void open(String host, int sessions, List<Way> into) throws IOException {
        for (int i = 0; i < sessions; i++) {
            Way way = proxied(world.address(), host, true, "echo ready; exec cat");
            into.add(way);
            awaitReady(way);
        }
    }

    /** Without those of the compilers, of which the JVM has as many as it has work for them. */
    private long threads() throws IOException {
        try (var all = Files.list(Path.of("/proc/" + world.proxyPid() + "/task"))) {
            return all.filter(task -> !name(task).contains("CompilerThre")).count();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return "CompilerThre, or another that has just ended";
        }
    }
}
