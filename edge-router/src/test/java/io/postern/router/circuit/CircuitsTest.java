package io.postern.router.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.router.link.LinkTable;
import io.postern.transport.Channel;
import io.postern.wire.ContentType;
import io.postern.wire.RouteError;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.xgress.PayloadHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three routers a, t and b in one process; the controller is played by the test. */
class CircuitsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private final Router a = new Router();
    private final Router t = new Router();
    private final Router b = new Router();
    private FakeLink at;
    private FakeLink tb;

    private final class Router {
        final FakeControllers controllers = new FakeControllers();
        final Map<String, Channel> links = new ConcurrentHashMap<>();
        final LinkTable table = id -> Optional.ofNullable(links.get(id));
        final Circuits circuits = new Circuits(
                controllers,
                table,
                loops,
                XgressOptions.DEFAULT,
                new Circuits.Intervals(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(1)));
    }

    /** Hashes what it reads, and may write as much as the window lets it. */
    private static final class Application implements XgressSink {
        final XgressEnd end;
        final CRC32 read = new CRC32();
        final CRC32 written = new CRC32();
        final AtomicLong bytes = new AtomicLong();
        final Random random = new Random(5);
        volatile String closed;
        long left;
        boolean echo;

        Application(XgressEnd end, long left, boolean echo) {
            this.end = end;
            this.left = left;
            this.echo = echo;
        }

        void write() {
            boolean more = true;
            while (more && left > 0) {
                byte[] chunk = new byte[(int) Math.min(left, 1 + random.nextInt(60_000))];
                random.nextBytes(chunk);
                written.update(chunk);
                left -= chunk.length;
                more = end.offer(
                        PooledByteBufAllocator.DEFAULT.buffer(chunk.length).writeBytes(chunk), PayloadHeaders.NONE);
            }
            if (left == 0) {
                left = -1;
                end.endOfInput();
            }
        }

        @Override
        public void data(ByteBuf body, PayloadHeaders headers) {
            bytes.addAndGet(body.readableBytes());
            byte[] copy = new byte[body.readableBytes()];
            body.getBytes(body.readerIndex(), copy);
            read.update(copy);
            if (echo) {
                if (!end.offer(body, headers)) {
                    end.pause();
                }
            } else {
                body.release();
            }
        }

        @Override
        public void endOfData() {
            if (echo) {
                end.endOfInput();
            }
        }

        @Override
        public void closed(String reason) {
            closed = reason;
        }

        @Override
        public void writable() {
            if (echo) {
                end.resume();
            } else {
                write();
            }
        }
    }

    @BeforeEach
    void link() {
        at = link("at", a, t);
        tb = link("tb", t, b);
    }

    private FakeLink link(String id, Router from, Router to) {
        FakeLink there = new FakeLink(id, loops.next(), from.circuits, to.circuits);
        FakeLink back = new FakeLink(id, loops.next(), to.circuits, from.circuits);
        from.links.put(id, there);
        to.links.put(id, back);
        return there;
    }

    @AfterEach
    void stop() throws InterruptedException {
        a.circuits.close();
        t.circuits.close();
        b.circuits.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).await();
    }

    private static Route.Builder route(
            String circuit, int attempt, String from, DestType back, String to, DestType forth) {
        return Route.newBuilder()
                .setCircuitId(circuit)
                .setAttempt(attempt)
                .addForwards(Route.Forward.newBuilder()
                        .setSrcAddress(from)
                        .setDstAddress(to)
                        .setDstType(forth))
                .addForwards(Route.Forward.newBuilder()
                        .setSrcAddress(to)
                        .setDstAddress(from)
                        .setDstType(back));
    }

    private CompletableFuture<Application> routeAll(String circuit, boolean echo, long hostWrites) throws Exception {
        CompletableFuture<Application> host = new CompletableFuture<>();
        b.circuits.egress(
                "test",
                request -> CompletableFuture.completedFuture(new DialOutcome.Connected(
                        Map.of(1003, new byte[] {7}),
                        request.loop(),
                        end -> {
                            Application application = new Application(end, hostWrites, echo);
                            if (hostWrites > 0) {
                                application.write();
                            }
                            host.complete(application);
                            return application;
                        },
                        () -> {})));
        Route egress = route(circuit, 0, "tb", DestType.Link, "egress", DestType.End)
                .setEgress(Route.Egress.newBuilder()
                        .setBinding("test")
                        .setAddress("egress")
                        .setDestination("term1"))
                .build();
        RouteResult result = b.controllers.route(egress);
        assertThat(result.error()).isNull();
        assertThat(result.peerData().get(1003)).containsExactly(7);
        assertThat(t.controllers
                        .route(route(circuit, 0, "at", DestType.Link, "tb", DestType.Link)
                                .build())
                        .error())
                .isNull();
        assertThat(a.controllers
                        .route(route(circuit, 0, "ingress", DestType.Start, "at", DestType.Link)
                                .build())
                        .error())
                .isNull();
        return host;
    }

    private Application initiate(String circuit, long bytes) {
        CompletableFuture<Application> made = new CompletableFuture<>();
        a.circuits.initiate(circuit, "ingress", loops.next(), Map.of(), end -> {
            Application application = new Application(end, bytes, false);
            application.write();
            made.complete(application);
            return application;
        });
        return made.join();
    }

    @Test
    void carriesAnEchoAcrossThreeRoutersAndReportsTheEnd() throws Exception {
        CompletableFuture<Application> host = routeAll("c1", true, -1);
        Application application = initiate("c1", 30_000_000);
        await().atMost(SOON).until(() -> application.closed != null && host.join().closed != null);
        assertThat(application.bytes).hasValue(30_000_000);
        assertThat(application.read.getValue()).isEqualTo(application.written.getValue());
        assertThat(application.closed).isEmpty();
        assertThat(t.circuits.counters().transitBytes.sum()).isGreaterThan(60_000_000);
        assertThat(t.circuits.counters().transitDropped.sum()).isZero();
        Fault fault = Fault.parseFrom(a.controllers.next(ContentType.FAULT).bodyBytes());
        assertThat(fault.getSubject()).isEqualTo(FaultSubject.IngressFault);
        assertThat(fault.getId()).isEqualTo("c1");
        Fault other = Fault.parseFrom(b.controllers.next(ContentType.FAULT).bodyBytes());
        assertThat(other.getSubject()).isEqualTo(FaultSubject.EgressFault);
        a.controllers.unroute("c1", true);
        await().atMost(SOON).until(() -> a.circuits.endCount() == 0 && a.circuits.circuitCount() == 0);
    }

    @Test
    void survivesLossAndAbsentControllers() throws Exception {
        CompletableFuture<Application> host = routeAll("c2", true, -1);
        a.controllers.connected = false;
        b.controllers.connected = false;
        at.loss = 0.05;
        tb.loss = 0.05;
        Application application = initiate("c2", 3_000_000);
        await().atMost(SOON).until(() -> application.closed != null && host.join().closed != null);
        assertThat(application.read.getValue()).isEqualTo(application.written.getValue());
    }

    @Test
    void goesOnOverAnotherLinkAfterAReroute() throws Exception {
        CompletableFuture<Application> host = routeAll("c3", false, 40_000_000);
        Application application = initiate("c3", 0);
        await().atMost(SOON).until(() -> application.bytes.get() > 1_000_000);
        at.cut = true;
        ((FakeLink) t.links.get("at")).cut = true;
        a.links.remove("at");
        t.links.remove("at");
        link("ab", a, b);
        assertThat(a.controllers
                        .route(route("c3", 99_969_996, "ingress", DestType.Start, "ab", DestType.Link)
                                .build())
                        .error())
                .isNull();
        assertThat(b.controllers
                        .route(route("c3", 99_969_996, "ab", DestType.Link, "egress", DestType.End)
                                .build())
                        .error())
                .isNull();
        t.controllers.unroute("c3", false);
        await().atMost(SOON).until(() -> application.closed != null && host.join().closed != null);
        assertThat(application.read.getValue()).isEqualTo(host.join().written.getValue());
    }

    @Test
    void unrouteNowEndsBothSides() throws Exception {
        CompletableFuture<Application> host = routeAll("c4", true, -1);
        Application application = initiate("c4", Long.MAX_VALUE);
        await().atMost(SOON).until(() -> application.bytes.get() > 100_000);
        a.controllers.unroute("c4", true);
        b.controllers.unroute("c4", true);
        await().atMost(SOON).until(() -> application.closed != null && host.join().closed != null);
        assertThat(application.closed).contains("unrouted");
        assertThat(a.circuits.endCount()).isZero();
    }

    @Test
    void anEarlierAttemptIsRefusedAndAnotherTakesItsEndsPlace() throws Exception {
        assertThat(a.controllers
                        .route(route("c5", 1, "in1", DestType.Start, "at", DestType.Link)
                                .build())
                        .error())
                .isNull();
        assertThat(a.controllers
                        .route(route("c5", 0, "in0", DestType.Start, "at", DestType.Link)
                                .build())
                        .reason())
                .contains("later attempt");
    }

    @Test
    void tellsWhyARouteFailed() throws Exception {
        b.circuits.egress(
                "refusing",
                request -> CompletableFuture.completedFuture(
                        new DialOutcome.Failed(RouteError.CONNECTION_REFUSED, "connection refused")));
        b.circuits.egress("silent", request -> new CompletableFuture<>());
        assertThat(egress("c6", "refusing").error()).isEqualTo(RouteError.CONNECTION_REFUSED);
        assertThat(egress("c7", "silent").error()).isEqualTo(RouteError.DIAL_TIMED_OUT);
        assertThat(egress("c8", "unknown").error()).isEqualTo(RouteError.GENERIC);
        RouteResult noLink = a.controllers.route(
                route("c9", 0, "in", DestType.Start, "nowhere", DestType.Link).build());
        assertThat(noLink.error()).isEqualTo(RouteError.INVALID_LINK_DESTINATION);
        assertThat(b.circuits.circuitCount()).isZero();
    }

    private RouteResult egress(String circuit, String binding) throws InterruptedException {
        return b.controllers.route(route(circuit, 0, "tb", DestType.Link, "egress" + circuit, DestType.End)
                .setTimeout(Duration.ofMillis(200).toNanos())
                .setEgress(Route.Egress.newBuilder().setBinding(binding).setAddress("egress" + circuit))
                .build());
    }

    @Test
    void reportsCircuitsItDoesNotKnow() throws Exception {
        assertThat(a.controllers
                        .route(route("c10", 0, "ingress", DestType.Start, "at", DestType.Link)
                                .build())
                        .error())
                .isNull();
        initiate("c10", 100);
        Fault fault = Fault.parseFrom(t.controllers.next(ContentType.FAULT).bodyBytes());
        assertThat(fault.getSubject()).isEqualTo(FaultSubject.ForwardFault);
        assertThat(fault.getId()).isEqualTo("c10");
    }

    @Test
    void bothEndsMayBeOnOneRouter() throws Exception {
        CompletableFuture<Application> host = new CompletableFuture<>();
        a.circuits.egress(
                "local",
                request -> CompletableFuture.completedFuture(new DialOutcome.Connected(
                        Map.of(),
                        request.loop(),
                        end -> {
                            Application application = new Application(end, -1, true);
                            host.complete(application);
                            return application;
                        },
                        () -> {})));
        assertThat(a.controllers
                        .route(route("c11", 0, "ingress", DestType.Start, "egress", DestType.End)
                                .setEgress(Route.Egress.newBuilder()
                                        .setBinding("local")
                                        .setAddress("egress"))
                                .build())
                        .error())
                .isNull();
        Application application = initiate("c11", 10_000_000);
        await().atMost(SOON).until(() -> application.closed != null && host.join().closed != null);
        assertThat(application.read.getValue()).isEqualTo(application.written.getValue());
    }
}
