package io.postern.router;

import static io.postern.router.RouterRig.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.router.ScriptedController.Session;
import io.postern.testkit.LogCapture;
import io.postern.transport.Channel;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.CtrlDetail;
import io.postern.wire.ctrl.pb.CtrlEndpoint;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.InspectRequest;
import io.postern.wire.ctrl.pb.InspectResponse;
import io.postern.wire.ctrl.pb.Listeners;
import io.postern.wire.ctrl.pb.PeerState;
import io.postern.wire.ctrl.pb.PeerStateChange;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import io.postern.wire.ctrl.pb.RouterLinks;
import io.postern.wire.ctrl.pb.UpdateCtrlAddresses;
import io.postern.wire.edgectrl.pb.ClientHello;
import io.postern.wire.edgectrl.pb.EnrollmentCertsResponse;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterRequest;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterVerifyRequest;
import io.postern.wire.edgectrl.pb.SubscribeToDataModelRequest;
import io.postern.wire.metrics.pb.MetricsMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routers over real loopback TLS, against a controller that says what the captures of a stock one say. */
class RouterNodeTest {
    @TempDir
    Path folder;

    private RouterRig rig;
    private ScriptedController controller;

    @BeforeEach
    void start() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        rig = new RouterRig(folder);
        controller = rig.controller;
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private RouterNode node(String routerId) throws Exception {
        return rig.node(routerId, RouterRig.EDGE);
    }

    private static PeerStateChanges healthy(Session peer) throws Exception {
        Listeners listeners = Listeners.parseFrom(peer.hello.headers().get(Header.CTRL_LISTENERS));
        return PeerStateChanges.newBuilder()
                .addChanges(PeerStateChange.newBuilder()
                        .setId(peer.hello.body())
                        .setVersion("v2.1.0")
                        .setState(PeerState.Healthy)
                        .addAllListeners(listeners.getListenersList()))
                .build();
    }

    @Test
    void theFirstConversationIsThatOfAStockRouter() throws Exception {
        RouterNode node = node("ra");
        Session ra = controller.router("ra");
        assertThat(ra.hello.string(Header.HELLO_VERSION).orElseThrow().split("\\|"))
                .hasSize(5);
        Listeners listeners = Listeners.parseFrom(ra.hello.headers().get(Header.CTRL_LISTENERS));
        assertThat(listeners.getListeners(0).getAddress())
                .startsWith("tls:127.0.0.1:")
                .doesNotEndWith(":0");
        assertThat(listeners.getListeners(0).getGroupsList()).containsExactly("default");
        Frame links = ra.next(ContentType.ROUTER_LINKS);
        assertThat(RouterLinks.parseFrom(links.bodyBytes()).getFullRefresh()).isTrue();
        Frame subscribe = ra.next(ContentType.SUBSCRIBE_TO_DATA_MODEL);
        SubscribeToDataModelRequest subscription = SubscribeToDataModelRequest.parseFrom(subscribe.bodyBytes());
        assertThat(subscription.getCurrentIndex()).isZero();

        ra.channel.send(FrameBuilder.of(ContentType.SERVER_HELLO).bool(Header.EDGE_HELLO, true));
        Frame answer = ra.next(ContentType.CLIENT_HELLO);
        assertThat(answer.replyFor()).isPositive();
        assertThat(answer.bool(Header.EDGE_HELLO)).isTrue();
        ClientHello hello = ClientHello.parseFrom(answer.bodyBytes());
        int port = node.edgeAddresses().getFirst().port();
        assertThat(hello.getHostname()).isEqualTo("localhost");
        assertThat(hello.getProtocolsList()).containsExactly("tls");
        assertThat(hello.getProtocolPortsList()).containsExactly(String.valueOf(port));
        assertThat(hello.getListeners(0).getAdvertise().getValue()).isEqualTo("localhost:" + port);

        Frame inspected = ra.channel
                .request(
                        body(
                                ContentType.INSPECT_REQUEST,
                                InspectRequest.newBuilder()
                                        .addRequestedValues("links")
                                        .build()),
                        Duration.ofSeconds(5))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertThat(InspectResponse.parseFrom(inspected.bodyBytes()).getValues(0).getValue())
                .isEqualTo("{\"links\":[]}");
    }

    @Test
    void twoRoutersKeepOneLinkAndReportItAtOnce() throws Exception {
        RouterNode a = node("ra");
        RouterNode b = node("rb");
        Session ra = controller.router("ra");
        Session rb = controller.router("rb");
        ra.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(rb)));
        Frame report = ra.next(ContentType.ROUTER_LINKS, frame -> links(frame).getLinksCount() > 0);
        RouterLinks.RouterLink link = links(report).getLinks(0);
        assertThat(link.getDestRouterId()).isEqualTo("rb");
        assertThat(link.getIteration()).isEqualTo(1);
        assertThat(link.getLinkProtocol()).isEqualTo("tls");
        await().until(() -> b.links().byId(link.getId()).isPresent());
        for (Session side : List.of(ra, rb)) {
            MetricsMessage metrics =
                    MetricsMessage.parseFrom(side.next(ContentType.METRICS).bodyBytes());
            assertThat(metrics.getHistogramsOrThrow("link." + link.getId() + ".latency")
                            .getMean())
                    .isPositive();
        }

        rb.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(ra)));
        assertThat(a.links().count()).isEqualTo(1);

        Fault fault = Fault.newBuilder()
                .setSubject(FaultSubject.LinkFault)
                .setId(link.getId())
                .setIteration(1)
                .build();
        ra.channel.send(body(ContentType.FAULT, fault));
        Fault told = Fault.parseFrom(rb.next(ContentType.FAULT).bodyBytes());
        assertThat(told.getId()).isEqualTo(link.getId());
        // each may dial anew at once, and a link that another one replaces stays a minute for what it carries
        await().until(() -> a.links().activeIds().size() == 1
                && a.links().activeIds().equals(b.links().activeIds()));
    }

    /** A router that the controller does not vouch for gets no Link, and one that it vouches for later does. */
    @Test
    void whomTheControllerDoesNotVerifyGetsNoLink() throws Exception {
        RouterNode a = node("ra");
        RouterNode b = node("rb");
        Session ra = controller.router("ra");
        Session rb = controller.router("rb");
        rb.unverified.add("ra");
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogCapture log = LogCapture.of("io.postern", Level.INFO, said::add)) {
            ra.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(rb)));
            await().until(() -> said.stream()
                    .anyMatch(line -> line.startsWith("link.dial.failed")
                            || line.startsWith("link.refused")
                            || line.startsWith("hello.refused")));
        }
        assertThat(a.links().count()).isZero();
        assertThat(b.links().count()).isZero();
        rb.unverified.clear();
        ra.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(rb)));
        await().until(() -> a.links().active() == 1 && b.links().active() == 1);
    }

    private static RouterLinks links(Frame frame) {
        try {
            return RouterLinks.parseFrom(frame.bodyBytes());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotBeReadCostsItsChannelOnly() throws Exception {
        RouterNode a = node("ra");
        RouterNode b = node("rb");
        Session ra = controller.router("ra");
        Session rb = controller.router("rb");
        ra.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(rb)));
        await().until(() -> a.links().active() == 1 && b.links().active() == 1);
        String link = a.links().activeIds().iterator().next();
        for (int type : List.of(ContentType.ROUTE, ContentType.UNROUTE, ContentType.VALIDATE_TERMINATORS_V2)) {
            Session before = controller.router("ra");
            before.channel.send(FrameBuilder.of(type).body(new byte[] {(byte) 0xff, 1, 2}));
            await().until(() -> !before.channel.isOpen());
        }
        assertThat(controller.router("ra").channel.isOpen()).isTrue();
        assertThat(a.links().activeIds()).containsExactly(link);

        List<String> said = new CopyOnWriteArrayList<>();
        Channel bad = b.links().byId(link).orElseThrow();
        try (LogCapture log = LogCapture.of(Channel.class, said::add)) {
            bad.send(FrameBuilder.of(ContentType.XG_PAYLOAD).body("of no circuit"));
            await().until(() -> !bad.isOpen());
        }
        assertThat(said).singleElement().asString().contains("channel.malformed", "peer=rb", "without circuit id");
        assertThat(rb.channel.isOpen()).isTrue();
        await().until(() -> a.links().active() == 1 && b.links().active() == 1);
    }

    @Test
    void metricsSpeakTheTerms() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        node("ra").measures().forEach(measure -> measure.register(registry));
        for (String kind : List.of("edge", "link", "control")) {
            registry.get("postern.channels").tag("kind", kind).gauge();
        }
        for (String gauge : List.of("postern.links", "postern.connections", "postern.circuits")) {
            registry.get(gauge).gauge();
        }
        registry.get("postern.dial").functionTimer();
        registry.get("postern.link.latency").functionTimer();
        registry.get("postern.xgress.sent.bytes").functionCounter();
        registry.get("postern.dial.refused").tag("cause", "ACCESS_DENIED").functionCounter();
        registry.get("postern.circuit.refused")
                .tag("cause", "ROUTER_ERR_DIAL_TIMED_OUT")
                .functionCounter();
    }

    @Test
    void bothDiallingSettlesOnOneLink() throws Exception {
        RouterNode a = node("ra");
        RouterNode b = node("rb");
        Session ra = controller.router("ra");
        Session rb = controller.router("rb");
        ra.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(rb)));
        rb.channel.send(body(ContentType.PEER_STATE_CHANGE, healthy(ra)));
        await().until(() -> a.links().active() == 1 && b.links().active() == 1);
        assertThat(a.links().activeIds()).isEqualTo(b.links().activeIds());
    }

    @Test
    void controllersThatMoveAreFollowed() throws Exception {
        RouterNode node = node("ra");
        Session ra = controller.router("ra");
        ra.channel.send(body(
                ContentType.UPDATE_CTRL_ADDRESSES,
                UpdateCtrlAddresses.newBuilder()
                        .setIndex(3)
                        .setIsLeader(true)
                        .addControllers(detail("instance-1", controller.port()))
                        .addControllers(detail("instance-3", controller.port() == 1 ? 2 : 1))
                        .build()));
        Path endpoints = folder.resolve("ra/endpoints");
        await().until(() ->
                Files.exists(endpoints) && Files.readString(endpoints).contains("instance-3"));
        assertThat(node.controllers().controllerId()).isEqualTo("instance-1");
        ra.channel.close("test");
        await().until(() -> !ra.channel.isOpen());
        assertThat(controller.router("ra").channel.isOpen()).isTrue();
    }

    @Test
    void certificatesThatEndSoonAreRenewedInTwoSteps() throws Exception {
        rig.life = Duration.ofDays(3);
        node("ra");
        Session ra = controller.router("ra");
        EnrollmentExtendRouterRequest asked = EnrollmentExtendRouterRequest.parseFrom(
                ra.next(ContentType.ENROLLMENT_EXTEND_ROUTER).bodyBytes());
        assertThat(asked.getRequireVerification()).isTrue();
        String cert = issue(asked.getClientCertCsr());
        ra.channel.send(body(
                ContentType.ENROLLMENT_CERTS_RESPONSE,
                EnrollmentCertsResponse.newBuilder()
                        .setClientCertPem(cert)
                        .setServerCertPem(issue(asked.getServerCertCsr()))
                        .build()));
        Frame confirm = ra.next(ContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY);
        Path file = folder.resolve("ra/cert.pem");
        assertThat(EnrollmentExtendRouterVerifyRequest.parseFrom(confirm.bodyBytes())
                        .getClientCertPem())
                .isEqualTo(cert);
        assertThat(Files.readString(file)).isNotEqualTo(cert);
        ra.channel.send(FrameBuilder.reply(ContentType.ERROR, confirm));
        await().until(() -> Files.readString(file).equals(cert));
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    private String issue(String csr) {
        Csr parsed = Csr.parse(csr);
        return Certificates.toPem(List.of(controller.authority.issue(
                parsed.publicKey(),
                parsed.commonName().orElseThrow(),
                parsed.sans(),
                Authority.Usage.PEER,
                Instant.now(),
                Duration.ofDays(365))));
    }

    private static CtrlDetail detail(String id, int port) {
        return CtrlDetail.newBuilder()
                .setId(id)
                .addEndpoints(CtrlEndpoint.newBuilder().setAddress("tls:127.0.0.1:" + port))
                .build();
    }
}
