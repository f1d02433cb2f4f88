package io.postern.router;

import static io.postern.router.RouterRig.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.postern.router.ScriptedController.Session;
import io.postern.testkit.LogCapture;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.Listeners;
import io.postern.wire.ctrl.pb.PeerState;
import io.postern.wire.ctrl.pb.PeerStateChange;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Request;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Response;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorRequestV2;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorResponseV2;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.Event;
import io.postern.wire.edgectrl.pb.PolicyType;
import io.postern.wire.edgectrl.pb.ServicePolicyRelatedEntityType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole routers with real Links between them: a plain connection enters the first one's tunneler and leaves the last one's,
 * over as many Links as the test says. The controller is played by the test.
 */
class CircuitOverRoutersTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CIRCUIT = "4aQ2circuit";
    private static final Pattern LISTENING =
            Pattern.compile("tunnel\\.listening service=web address=/127\\.0\\.0\\.1:(\\d+)");

    @TempDir
    Path folder;

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private LogCapture log;
    private RouterRig rig;
    private ScriptedController controller;
    private ServerSocket echo;

    @BeforeEach
    void start() throws Exception {
        log = LogCapture.of("io.postern.router", Level.INFO, said::add);
        rig = new RouterRig(folder);
        controller = rig.controller;
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = echo.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                }
            } catch (IOException e) {
                // the test is over
            }
        });
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the client has gone
        }
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        echo.close();
        log.close();
    }

    private static String tunnel(String options) {
        return "listeners: [{binding: tunnel, options: {" + options + "}}]";
    }

    /** Connects each router to the next; the ids of the Links, in order. */
    private List<String> link(List<String> routers) throws Exception {
        List<String> links = new ArrayList<>();
        for (int i = 0; i + 1 < routers.size(); i++) {
            Session next = controller.router(routers.get(i + 1));
            Listeners listeners = Listeners.parseFrom(next.hello.headers().get(Header.CTRL_LISTENERS));
            PeerStateChange healthy = PeerStateChange.newBuilder()
                    .setId(routers.get(i + 1))
                    .setVersion("v2.1.0")
                    .setState(PeerState.Healthy)
                    .addAllListeners(listeners.getListenersList())
                    .build();
            controller
                    .router(routers.get(i))
                    .channel
                    .send(body(
                            ContentType.PEER_STATE_CHANGE,
                            PeerStateChanges.newBuilder().addChanges(healthy).build()));
            RouterNode dialler = rig.nodes.get(i);
            RouterNode acceptor = rig.nodes.get(i + 1);
            await().atMost(SOON)
                    .until(() -> dialler.links().activeIds().stream()
                            .anyMatch(id -> !links.contains(id)
                                    && acceptor.links().byId(id).isPresent()));
            links.add(dialler.links().activeIds().stream()
                    .filter(id -> !links.contains(id))
                    .findFirst()
                    .orElseThrow());
        }
        return links;
    }

    private void model(String routerId, boolean hosts) throws Exception {
        DataState.Builder state = DataState.newBuilder()
                .setEndIndex(7)
                .setTimelineId("timeline")
                .addEvents(Event.newBuilder()
                        .setIdentity(
                                DataState.Identity.newBuilder().setId(routerId).setName(routerId)))
                .addEvents(Event.newBuilder()
                        .setConfigType(
                                DataState.ConfigType.newBuilder().setId("host").setName("host.v1")))
                .addEvents(Event.newBuilder()
                        .setConfig(DataState.Config.newBuilder()
                                .setId("config")
                                .setTypeId("host")
                                .setDataJson("{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":"
                                        + echo.getLocalPort() + "}")))
                .addEvents(Event.newBuilder()
                        .setService(DataState.Service.newBuilder()
                                .setId("web")
                                .setName("web")
                                .addConfigs("config")));
        policy(state, PolicyType.DialPolicy, routerId);
        if (hosts) {
            policy(state, PolicyType.BindPolicy, routerId);
        }
        RouterRig.model(controller.router(routerId), state.build());
    }

    private static void policy(DataState.Builder state, PolicyType type, String identityId) {
        String id = type.name();
        DataState.ServicePolicyChange.Builder member =
                DataState.ServicePolicyChange.newBuilder().setPolicyId(id).setAdd(true);
        state.addEvents(Event.newBuilder()
                        .setServicePolicy(
                                DataState.ServicePolicy.newBuilder().setId(id).setPolicyType(type)))
                .addEvents(Event.newBuilder()
                        .setServicePolicyChange(member.clone()
                                .setRelatedEntityType(ServicePolicyRelatedEntityType.RelatedService)
                                .addRelatedEntityIds("web")))
                .addEvents(Event.newBuilder()
                        .setServicePolicyChange(member.clone()
                                .setRelatedEntityType(ServicePolicyRelatedEntityType.RelatedIdentity)
                                .addRelatedEntityIds(identityId)));
    }

    /** Lets the last router host, and says under which Terminator. */
    private String terminator(Session host) throws Exception {
        Frame asked = host.next(ContentType.CREATE_TUNNEL_TERMINATOR_V2);
        String id = CreateTunnelTerminatorRequestV2.parseFrom(asked.bodyBytes()).getAddress();
        host.channel.send(FrameBuilder.reply(ContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE, asked)
                .body(CreateTunnelTerminatorResponseV2.newBuilder()
                        .setTerminatorId(id)
                        .build()
                        .toByteArray()));
        return id;
    }

    private RouteResult route(String routerId, Route route) throws Exception {
        Frame answer = controller
                .router(routerId)
                .channel
                .request(body(ContentType.ROUTE, route), SOON)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        return RouteResult.read(answer);
    }

    /** What the controller does for one dial: routes the last router first, then the others, then answers. */
    private void answerDial(List<String> routers, List<String> links, String terminator) throws Exception {
        Session ingress = controller.router(routers.getFirst());
        Frame asked = ingress.next(ContentType.CREATE_TUNNEL_CIRCUIT_V2);
        CreateTunnelCircuitV2Request dial = CreateTunnelCircuitV2Request.parseFrom(asked.bodyBytes());
        CreateTunnelCircuitV2Response.Builder answer =
                CreateTunnelCircuitV2Response.newBuilder().setCircuitId(CIRCUIT).setAddress("in");
        for (int i = routers.size() - 1; i >= 0; i--) {
            boolean first = i == 0;
            boolean last = i == routers.size() - 1;
            String from = first ? "in" : links.get(i - 1);
            String to = last ? "out" : links.get(i);
            Route.Builder route = Route.newBuilder()
                    .setCircuitId(CIRCUIT)
                    .addForwards(forward(from, to, last ? DestType.End : DestType.Link))
                    .addForwards(forward(to, from, first ? DestType.Start : DestType.Link));
            if (last) {
                route.setEgress(Route.Egress.newBuilder()
                        .setBinding("tunnel")
                        .setAddress("out")
                        .setDestination(terminator)
                        .putAllPeerData(dial.getPeerDataMap()));
            }
            RouteResult result = route(routers.get(i), route.build());
            assertThat(result.error()).as(result.reason()).isNull();
            result.peerData().forEach((key, value) -> answer.putPeerData(key, ByteString.copyFrom(value)));
        }
        ingress.channel.send(FrameBuilder.reply(ContentType.CREATE_TUNNEL_CIRCUIT_V2_RESPONSE, asked)
                .body(answer.build().toByteArray()));
    }

    private static Route.Forward.Builder forward(String from, String to, DestType type) {
        return Route.Forward.newBuilder().setSrcAddress(from).setDstAddress(to).setDstType(type);
    }

    private int proxyPort() {
        await().atMost(SOON).until(() -> said.stream().anyMatch(LISTENING.asPredicate()));
        return said.stream()
                .map(LISTENING::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0} links")
    @ValueSource(ints = {0, 1, 2, 3})
    void bytesCrossAnyNumberOfLinksAndOneSearchTellsTheWholeLife(int count) throws Exception {
        List<String> routers = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            routers.add("r" + i);
            rig.node(
                    "r" + i,
                    i == 0 ? tunnel("mode: proxy, services: [\"web:0\"]") : i == count ? tunnel("mode: host") : "");
        }
        List<String> links = link(routers);
        Session host = controller.router(routers.getLast());
        model(routers.getLast(), true);
        String terminator = terminator(host);
        if (count > 0) {
            model(routers.getFirst(), false);
        }
        await().atMost(SOON)
                .until(() -> rig.nodes.getFirst().model().mayDial("r0", "web").allowed());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxyPort())) {
            socket.setSoTimeout(60_000);
            answerDial(routers, links, terminator);
            exchange(socket, 2_000_000);
        }
        controller.router(routers.getFirst()).next(ContentType.FAULT).release();
        host.next(ContentType.FAULT).release();
        for (String router : routers) {
            controller
                    .router(router)
                    .channel
                    .send(body(
                            ContentType.UNROUTE,
                            Unroute.newBuilder()
                                    .setCircuitId(CIRCUIT)
                                    .setNow(true)
                                    .build()));
        }
        int transits = Math.max(0, count - 1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(life())
                        .filteredOn(line -> line.startsWith("circuit.unrouted"))
                        .hasSize(transits));
        tellsTheWholeLife(links, transits);
    }

    @Test
    void aRouterThatIsToldToEndWaitsForItsCircuit() throws Exception {
        List<String> routers = List.of("r0", "r1");
        rig.node("r0", tunnel("mode: proxy, services: [\"web:0\"]"));
        RouterNode leaving = rig.node("r1", tunnel("mode: host") + "\nshutdown: {drain: 60s}");
        List<String> links = link(routers);
        Session host = controller.router("r1");
        model("r1", true);
        String terminator = terminator(host);
        model("r0", false);
        await().atMost(SOON)
                .until(() -> rig.nodes.getFirst().model().mayDial("r0", "web").allowed());
        CompletableFuture<Void> drained;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxyPort())) {
            socket.setSoTimeout(60_000);
            answerDial(routers, links, terminator);
            drained = CompletableFuture.runAsync(leaving::drain);
            Frame quiesce = host.next(ContentType.QUIESCE);
            host.channel.send(FrameBuilder.result(quiesce, true, "success"));
            exchange(socket, 200_000);
            assertThat(leaving.isDraining()).isTrue();
            assertThat(drained).isNotDone();
        }
        host.next(ContentType.FAULT).release();
        Unroute over = Unroute.newBuilder().setCircuitId(CIRCUIT).setNow(true).build();
        host.channel.send(body(ContentType.UNROUTE, over));
        drained.get(60, TimeUnit.SECONDS);
    }

    /** Every line that a search for the circuit's id finds, at the level that is on by default. */
    private List<String> life() {
        return said.stream()
                .filter(line -> line.contains("circuitId=" + CIRCUIT))
                .toList();
    }

    private void tellsTheWholeLife(List<String> links, int transits) {
        assertThat(life()).filteredOn(line -> line.startsWith("tunnel.proxied")).hasSize(1);
        assertThat(life()).filteredOn(line -> line.startsWith("tunnel.dialed")).hasSize(1);
        assertThat(life())
                .filteredOn(line -> line.startsWith("circuit.ended"))
                .hasSize(2)
                .allMatch(line -> line.contains("sentBytes=2000000") && line.contains("receivedBytes=2000000"));
        for (int i = 0; i < transits; i++) {
            String way = "way=" + links.get(i) + ">" + links.get(i + 1) + "," + links.get(i + 1) + ">" + links.get(i);
            assertThat(life())
                    .filteredOn(line -> line.startsWith("circuit.routed") && line.endsWith(way))
                    .hasSize(1);
            assertThat(life())
                    .filteredOn(line -> line.startsWith("circuit.unrouted") && line.endsWith(way))
                    .hasSize(1);
        }
    }

    private static void exchange(Socket socket, int length) throws Exception {
        byte[] sent = new byte[length];
        new Random(length).nextBytes(sent);
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
        writer.join();
    }
}
