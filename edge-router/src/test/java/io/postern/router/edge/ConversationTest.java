package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edge.Connect;
import io.postern.wire.edge.Data;
import io.postern.wire.edge.Dial;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.StateConnected;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The conversations of stock clients with their router, as recorded, said again over real TLS. */
@Timeout(240)
class ConversationTest {
    private static final int FIRST = Integer.MIN_VALUE;

    private EdgeRig rig = new EdgeRig();

    private void use(EdgeRig other) throws Exception {
        rig.close();
        rig = other;
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void helloIsAnsweredWithWhatTheRouterCan() throws Exception {
        SdkPeer client = rig.client("dialer");
        assertThat(client.channel.peerHello().get(Header.ROUTER_CAPABILITIES)).containsExactly(0x40);
        assertThat(client.channel.peerHello().get(Header.SUPPORTS_BIND_SUCCESS)).containsExactly(1);
        assertThat(client.channel.peerHello()).doesNotContainKeys(Header.IS_GROUPED, Header.SUPPORTS_POSTURE_CHECKS);
        assertThat(client.channel.peerId()).isEqualTo("router-1");
        assertThat(rig.client("dialer", null, FakeModel.access("dialer"))
                        .channel
                        .isOpen())
                .isTrue();
    }

    @Test
    void helloWithoutRightIsRefusedWithAText() {
        assertThatThrownBy(() -> rig.client("dialer", EdgeListener.ALPN, "nonsense"))
                .hasStackTraceContaining("not an access token");
        rig.model.certificateRefusal = "the certificate is not of this session";
        assertThatThrownBy(() -> rig.client("dialer")).hasStackTraceContaining("certificate is not of this session");
    }

    @Test
    void dialHostTalkHalfCloseAndClose() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame());

        Frame asked = host.expect(ContentType.DIAL);
        Dial dial = Dial.read(asked);
        assertThat(dial.bindConnId()).isEqualTo(1);
        assertThat(dial.sessionToken()).isEqualTo(FakeModel.bind("host", "svc"));
        assertThat(dial.newConnId()).isEqualTo(FIRST);
        assertThat(dial.callerId()).isEqualTo("caller");
        assertThat(dial.publicKey()).isEqualTo(Talk.DIALER_KEY);
        assertThat(dial.appData()).containsExactly(7);
        assertThat(dial.connectionMarker()).isEqualTo("mark");
        assertThat(dial.dialerIdentityId()).isEqualTo("dialer");
        assertThat(dial.dialerIdentityName()).isEqualTo("name of dialer");
        assertThat(asked.has(Header.CRYPTO_METHOD)).isFalse();
        // the host speaks before the dialer knows that it is connected
        host.send(new DialSuccess(1, FIRST, null).frame().replyFor(asked.sequence()));
        host.data(FIRST, Data.MULTIPART, "host first");

        Frame connected = dialer.expect(ContentType.STATE_CONNECTED);
        assertThat(connected.replyFor()).isEqualTo(1);
        assertThat(StateConnected.read(connected).publicKey()).isEqualTo(Talk.HOST_KEY);
        assertThat(StateConnected.read(connected).circuitId()).startsWith("circuit-");
        dialer.expectData(1, Data.MULTIPART, "host first");
        dialer.data(1, Data.MULTIPART, "one").data(1, "two");
        byte[] uuid = "0123456789abcdef".getBytes();
        dialer.send(Data.frame(1, Data.TRACE_UUID, uuid, Unpooled.copiedBuffer("three".getBytes())));
        host.expectData(FIRST, Data.MULTIPART, "one");
        host.expectData(FIRST, 0, "two");
        assertThat(host.expectData(FIRST, Data.TRACE_UUID, "three").bytes(Header.REFLECTED))
                .isEqualTo(uuid);

        dialer.send(Data.fin(1));
        host.expectData(FIRST, Data.FIN, "");
        host.data(FIRST, "bye").send(Data.fin(FIRST));
        dialer.expectData(1, 0, "bye");
        dialer.expectData(1, Data.FIN, "");
        dialer.send(StateClosed.of(1, "").frame());
        assertThat(StateClosed.read(host.expect(ContentType.STATE_CLOSED)).connId())
                .isEqualTo(FIRST);
        host.send(StateClosed.of(FIRST, "").frame()).data(FIRST, "late");
        host.expectNothing();
        dialer.expectNothing();
    }

    @Test
    void dialWithoutTerminatorIsRefusedByTheController() throws Exception {
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(5).frame());
        Frame closed = dialer.expect(ContentType.STATE_CLOSED);
        assertThat(closed.bodyText()).isEqualTo("service has no terminators");
        assertThat(closed.string(Header.CIRCUIT_ID)).startsWith("circuit-");
        assertThat(rig.controllers.asked.take().fingerprints()).hasSize(1);
    }

    @Test
    void dialWithoutControllerIsRefused() throws Exception {
        rig.controllers.connected = false;
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(5).frame());
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).isEqualTo("no controller is connected");
    }

    @Test
    void policyAndSessionAreCheckedHere() throws Exception {
        SdkPeer dialer = rig.client("dialer");
        rig.model.denied.add("dial dialer svc");
        dialer.send(Talk.connect(1).frame());
        Frame closed = dialer.expect(ContentType.STATE_CLOSED);
        assertThat(closed.bodyText()).isEqualTo("no policy allows dial dialer svc");
        assertThat(closed.i32(Header.ERROR_CODE, 0)).isEqualTo(14);

        Connect foreign = new Connect(
                2, FakeModel.dial("other", "svc"), Talk.DIALER_KEY, null, null, null, null, null, false, false);
        dialer.send(foreign.frame());
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).isEqualTo("Invalid Session");

        Connect wrongType = new Connect(
                3, FakeModel.bind("dialer", "svc"), Talk.DIALER_KEY, null, null, null, null, null, false, false);
        dialer.send(wrongType.frame());
        assertThat(dialer.expect(ContentType.STATE_CLOSED).i32(Header.ERROR_CODE, 0))
                .isEqualTo(4);

        rig.model.denied.clear();
        rig.model.encrypted.add("svc");
        Connect clear =
                new Connect(4, FakeModel.dial("dialer", "svc"), null, null, null, null, null, null, false, false);
        dialer.send(clear.frame());
        assertThat(dialer.expect(ContentType.STATE_CLOSED).i32(Header.ERROR_CODE, 0))
                .isEqualTo(11);
        assertThat(rig.controllers.asked).isEmpty();
    }

    @Test
    void lateModelIsWaitedFor() throws Exception {
        use(EdgeRig.patient());
        rig.model.services.remove("svc");
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame());
        dialer.expectNothing();
        rig.model.services.add("svc");
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).isEqualTo("service has no terminators");
    }

    @Test
    void connectionIdsAreNotUsedTwice() throws Exception {
        rig.controllers.gate = new CompletableFuture<>();
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame()).send(Talk.connect(1).frame());
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).isEqualTo("connection id 1 is in use");
        dialer.send(Talk.connect(FIRST).frame());
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).contains("not for clients to choose");
        rig.controllers.gate.complete(null);
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).isEqualTo("service has no terminators");
    }

    @Test
    void circuitThatComesTooLateIsEnded() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        rig.controllers.gate = new CompletableFuture<>();
        dialer.send(Talk.connect(1).frame());
        Frame asked = host.expect(ContentType.DIAL);
        host.send(new DialSuccess(1, FIRST, null).frame().replyFor(asked.sequence()));
        dialer.send(StateClosed.of(1, "").frame());
        dialer.expectNothing();
        rig.controllers.gate.complete(null);
        assertThat(StateClosed.read(host.expect(ContentType.STATE_CLOSED)).connId())
                .isEqualTo(FIRST);
        dialer.expectNothing();
    }

    @Test
    void lostDialerEndsItsCircuits() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        Talk.begin(host, dialer);
        dialer.channel.close("test");
        host.expect(ContentType.STATE_CLOSED);
        assertThat(host.channel.isOpen()).isTrue();
    }

    @Test
    void lostHostEndsCircuitsAndTerminators() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        Talk.begin(host, dialer);
        String terminator = rig.controllers.terminators.keySet().iterator().next();
        host.channel.close("test");
        dialer.expect(ContentType.STATE_CLOSED);
        assertThat(rig.controllers.removed.poll(60, TimeUnit.SECONDS)).isEqualTo(terminator);
    }

    @Test
    void tokenIsReplacedOnTheOpenChannel() throws Exception {
        SdkPeer client = rig.client("dialer");
        client.send(FrameBuilder.of(ContentType.UPDATE_TOKEN).body(FakeModel.access("dialer")));
        assertThat(client.expect(ContentType.UPDATE_TOKEN_SUCCESS).replyFor()).isPositive();
        client.send(FrameBuilder.of(ContentType.UPDATE_TOKEN).body(FakeModel.access("other")));
        assertThat(client.expect(ContentType.UPDATE_TOKEN_FAILURE).bodyText()).contains("another API session");
        client.awaitClosed();
    }

    @Test
    void lostRightsCutWhatLives() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        Talk.begin(host, dialer);
        rig.model.deny("dial dialer svc");
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).isEqualTo("no policy allows dial dialer svc");
        host.expect(ContentType.STATE_CLOSED);
        rig.model.deny("bind host svc");
        Frame closed = host.expect(ContentType.STATE_CLOSED);
        assertThat(closed.i32(Header.CONN_ID, 0)).isEqualTo(1);
        assertThat(closed.string(Header.STRUCTURED_ERROR)).contains("\"code\":14,\"retryHint\":2");
        assertThat(rig.controllers.removed.poll(60, TimeUnit.SECONDS)).isNotNull();
        rig.model.revoke("dialer");
        dialer.awaitClosed();
        assertThat(host.channel.isOpen()).isTrue();
    }

    @Test
    void tracesEndHereAndUnknownTypesAreIgnored() throws Exception {
        SdkPeer client = rig.client("dialer");
        client.send(FrameBuilder.of(ContentType.TRACE_ROUTE)
                .i32(Header.CONN_ID, 1)
                .i32(Header.TRACE_HOP_COUNT, 1)
                .u64(Header.TIMESTAMP, 77));
        Frame answer = client.expect(ContentType.TRACE_ROUTE_RESPONSE);
        assertThat(answer.i32(Header.TRACE_HOP_COUNT, 9)).isZero();
        assertThat(answer.u64(Header.TIMESTAMP, 0)).isEqualTo(77);
        client.send(FrameBuilder.of(12_345)).send(FrameBuilder.of(ContentType.POSTURE_RESPONSE));
        client.expectNothing();
    }
}
