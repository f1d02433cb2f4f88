package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edge.Dial;
import io.postern.wire.edge.DialFailed;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.Precedence;
import io.postern.wire.edge.StateClosed;
import io.postern.wire.edge.StateConnected;
import io.postern.wire.edge.UpdateBind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts: what they bind, how they are dialled, how their Terminators follow them. */
@Timeout(240)
class HostingTest {
    private static final int FIRST = Integer.MIN_VALUE;

    private EdgeRig rig = new EdgeRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void hostThatChoosesItsIdsIsConfirmed() throws Exception {
        SdkPeer host = Talk.host(rig, false);
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame());
        Frame asked = host.expect(ContentType.DIAL);
        assertThat(Dial.read(asked).newConnId()).isNull();
        host.send(new DialSuccess(1, 42, new byte[] {8}).frame().replyFor(asked.sequence()));
        Frame confirmed = host.expect(ContentType.STATE_CONNECTED);
        assertThat(confirmed.i32(Header.CONN_ID, 0)).isEqualTo(42);
        assertThat(confirmed.has(Header.REPLY_FOR)).isTrue();
        assertThat(StateConnected.read(dialer.expect(ContentType.STATE_CONNECTED))
                        .publicKey())
                .containsExactly(8);
        dialer.data(1, "hello");
        host.expectData(42, 0, "hello");
        host.data(42, "echo");
        dialer.expectData(1, 0, "echo");
        host.send(StateClosed.of(42, "done").frame());
        dialer.expect(ContentType.STATE_CLOSED);
    }

    @Test
    void twoConnectionsOfOneHostDoNotMix() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        for (int connId = 1; connId <= 2; connId++) {
            dialer.send(Talk.connect(connId).frame());
            Frame asked = host.expect(ContentType.DIAL);
            int given = Dial.read(asked).newConnId();
            assertThat(given).isEqualTo(FIRST + connId - 1);
            host.send(new DialSuccess(1, given, null).frame().replyFor(asked.sequence()));
            dialer.expect(ContentType.STATE_CONNECTED);
        }
        dialer.data(2, "second").data(1, "first");
        host.expectData(FIRST + 1, 0, "second");
        host.expectData(FIRST, 0, "first");
    }

    @Test
    void hostThatRefusesIsTold() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame());
        Frame asked = host.expect(ContentType.DIAL);
        host.send(new DialFailed(1, "application says no").frame().replyFor(asked.sequence()));
        Frame closed = dialer.expect(ContentType.STATE_CLOSED);
        assertThat(closed.replyFor()).isEqualTo(1);
        assertThat(closed.bodyText()).isEqualTo("application says no");
        assertThat(closed.i32(Header.ERROR_CODE, 0)).isEqualTo(1);
        assertThat(closed.string(Header.STRUCTURED_ERROR)).contains("\"code\":1");
        // the id is free again
        dialer.send(Talk.connect(1).frame());
        host.expect(ContentType.DIAL);
    }

    @Test
    void silentHostTimesOutAndIsToldSoWhenItAnswersLate() throws Exception {
        rig.close();
        rig = EdgeRig.hurried(Duration.ofSeconds(1));
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame());
        Frame asked = host.expect(ContentType.DIAL);
        assertThat(dialer.expect(ContentType.STATE_CLOSED).bodyText()).contains("did not answer");
        host.send(new DialSuccess(1, FIRST, null).frame().replyFor(asked.sequence()));
        assertThat(StateClosed.read(host.expect(ContentType.STATE_CLOSED)).connId())
                .isEqualTo(FIRST);
    }

    @Test
    void updateBindHealthAndUnbind() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        String token = FakeModel.bind("host", "svc");
        host.send(new UpdateBind(1, token, 21, null).frame());
        var update = rig.controllers.updated.poll(60, TimeUnit.SECONDS);
        assertThat(update.getCost()).isEqualTo(21);
        assertThat(update.getUpdateCost()).isTrue();
        assertThat(update.getUpdatePrecedence()).isFalse();
        host.send(new UpdateBind(1, token, null, Precedence.REQUIRED).frame());
        assertThat(rig.controllers.updated.poll(60, TimeUnit.SECONDS).getPrecedenceValue())
                .isEqualTo(1);
        host.send(FrameBuilder.of(ContentType.HEALTH_EVENT)
                .i32(Header.CONN_ID, 1)
                .bool(Header.HEALTH_STATUS, false)
                .body(token));
        assertThat(rig.controllers.updated.poll(60, TimeUnit.SECONDS).getPrecedenceValue())
                .isEqualTo(2);
        host.send(FrameBuilder.of(ContentType.HEALTH_EVENT)
                .i32(Header.CONN_ID, 1)
                .bool(Header.HEALTH_STATUS, true)
                .body(token));
        assertThat(rig.controllers.updated.poll(60, TimeUnit.SECONDS).getPrecedenceValue())
                .isEqualTo(1);
        host.send(FrameBuilder.of(ContentType.UNBIND).i32(Header.CONN_ID, 1).body(token));
        Frame closed = host.expect(ContentType.STATE_CLOSED);
        assertThat(closed.has(Header.REPLY_FOR)).isTrue();
        host.send(StateClosed.of(1, "").frame());
        host.expectNothing();
        assertThat(rig.controllers.removed.poll(60, TimeUnit.SECONDS)).isNotNull();
        assertThat(rig.controllers.terminators).isEmpty();
    }

    @Test
    void newerBindOfTheSameListenerTakesOver() throws Exception {
        SdkPeer older = Talk.host(rig, true);
        String terminator = rig.controllers.terminators.keySet().iterator().next();
        SdkPeer newer = rig.client("host");
        newer.send(Talk.bind(3, true).frame());
        newer.expect(ContentType.STATE_CONNECTED);
        newer.expect(ContentType.BIND_SUCCESS);
        Frame closed = older.expect(ContentType.STATE_CLOSED);
        assertThat(closed.i32(Header.ERROR_CODE, 0)).isEqualTo(1);
        assertThat(rig.controllers.terminators).containsOnlyKeys(terminator);
        older.channel.close("test");
        SdkPeer dialer = rig.client("dialer");
        dialer.send(Talk.connect(1).frame());
        assertThat(Dial.read(newer.expect(ContentType.DIAL)).bindConnId()).isEqualTo(3);
        assertThat(rig.controllers.removed).isEmpty();
    }

    @Test
    void repeatedBindIsAcknowledgedAgain() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        host.send(Talk.bind(1, true).frame());
        host.expect(ContentType.STATE_CONNECTED);
        host.expectNothing();
        assertThat(rig.controllers.created).isEmpty();
    }

    @Test
    void terminatorsAreToldAgainWhenAControllerComesBack() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        String terminator = rig.controllers.terminators.keySet().iterator().next();
        rig.controllers.terminators.clear();
        rig.controllers.reconnect();
        assertThat(rig.controllers.created.poll(60, TimeUnit.SECONDS).getAddress())
                .isEqualTo(terminator);
        host.expectNothing();
    }

    @Test
    void removalsWaitForAController() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        rig.controllers.connected = false;
        host.channel.close("test");
        host.awaitClosed();
        assertThat(rig.controllers.removed.poll(100, TimeUnit.MILLISECONDS)).isNull();
        rig.controllers.reconnect();
        assertThat(rig.controllers.removed.poll(60, TimeUnit.SECONDS)).isNotNull();
    }
}
