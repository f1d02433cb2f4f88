package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edge.Data;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send too much, the wrong thing, or nonsense. */
@Timeout(240)
class HardshipTest {
    private final EdgeRig rig = new EdgeRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                ContentType.CONNECT,
                ContentType.BIND,
                ContentType.DATA,
                ContentType.STATE_CLOSED,
                ContentType.UNBIND,
                ContentType.UPDATE_BIND,
                ContentType.HEALTH_EVENT,
                ContentType.DIAL_SUCCESS,
                ContentType.TRACE_ROUTE,
                ContentType.CONNECT_V2
            })
    void messageWithoutConnectionIdCostsTheChannelAndNothingElse(int contentType) throws Exception {
        SdkPeer good = rig.client("dialer");
        SdkPeer bad = rig.client("dialer");
        bad.send(FrameBuilder.of(contentType).body("x"));
        bad.awaitClosed();
        good.expectNothing();
        await().atMost(Duration.ofSeconds(60)).until(() -> rig.listener.connected() == 1);
    }

    @Test
    void messagesOfUnknownConnectionsAreDropped() throws Exception {
        SdkPeer client = rig.client("dialer");
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            int[] types = {ContentType.DATA, ContentType.STATE_CLOSED, ContentType.HEALTH_EVENT, ContentType.UPDATE_BIND
            };
            client.send(FrameBuilder.of(types[i % 4])
                    .i32(Header.CONN_ID, random.nextInt())
                    .i32(Header.FLAGS, random.nextInt())
                    .body("noise"));
        }
        client.expectNothing();
    }

    /** Clients of 2022 know no later version. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void olderTlsIsSpoken(String version) throws Exception {
        try (javax.net.ssl.SSLSocket socket = rig.socket()) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void channelHasABoundOnDialsAtOnce() throws Exception {
        rig.controllers.gate = new java.util.concurrent.CompletableFuture<>();
        SdkPeer dialer = rig.client("dialer");
        for (int connId = 1; connId <= 51; connId++) {
            dialer.send(Talk.connect(connId).frame());
        }
        Frame refused = dialer.expect(ContentType.STATE_CLOSED);
        assertThat(refused.i32(Header.CONN_ID, 0)).isEqualTo(51);
        assertThat(refused.string(Header.STRUCTURED_ERROR)).contains("\"retryHint\":1");
        rig.controllers.gate.complete(null);
        for (int i = 0; i < 50; i++) {
            dialer.expect(ContentType.STATE_CLOSED);
        }
    }

    @Test
    void channelHasABoundOnConnections() throws Exception {
        SdkPeer host = rig.client("host");
        for (int connId = 1; connId <= 101; connId++) {
            host.send(Talk.bind(connId, true, new byte[] {(byte) connId}).frame());
        }
        int refused = 0;
        for (int i = 0; i < 201; i++) {
            Frame frame = host.expectAny();
            if (frame.contentType() == ContentType.STATE_CLOSED) {
                assertThat(frame.bodyText()).isEqualTo("too many connections on this channel");
                refused++;
            }
        }
        assertThat(refused).isEqualTo(1);
    }

    /** One slow circuit holds its own data, then the channel; nothing is lost and the order stays. */
    @Test
    void dataWaitsForASlowCircuit() throws Exception {
        Talk talk = Talk.begin(rig);
        SdkPeer host = talk.host();
        SdkPeer dialer = talk.dialer();

        rig.circuits.accepting.set(3);
        String kilobyte = "x".repeat(1024);
        int count = 300;
        for (int i = 0; i < count; i++) {
            dialer.data(1, i + kilobyte);
        }
        dialer.send(Data.fin(1));
        for (int i = 0; i < 3; i++) {
            host.expectData(talk.hosted(), 0, i + kilobyte);
        }
        host.expectNothing();
        rig.circuits.initiators.get(talk.circuitId()).release();
        for (int i = 3; i < count; i++) {
            host.expectData(talk.hosted(), 0, i + kilobyte);
        }
        host.expectData(talk.hosted(), Data.FIN, "");
        dialer.expectNothing();
    }

    /** Its probes are not read, and it must not take that for the end of the router. */
    @Test
    void aClientThatIsNotReadHearsOfTheRouter() throws Exception {
        Talk talk = Talk.begin(rig);
        SdkPeer dialer = talk.dialer();
        rig.circuits.accepting.set(0);
        for (int i = 0; i < 300; i++) {
            dialer.data(1, "x".repeat(1024));
        }
        for (int i = 0; i < 2; i++) {
            await().atMost(Duration.ofSeconds(50)).until(() -> silence(dialer).compareTo(Duration.ofMillis(500)) > 0);
            await().atMost(Duration.ofSeconds(50)).until(() -> silence(dialer).compareTo(Duration.ofMillis(500)) < 0);
        }
        rig.circuits.initiators.get(talk.circuitId()).release();
        assertThat(dialer.channel.isOpen()).isTrue();
    }

    private static Duration silence(SdkPeer peer) throws Exception {
        return peer.channel.loop().submit(peer.channel::silence).get();
    }

    @Test
    void endOfACircuitBelowIsFinOnce() throws Exception {
        Talk talk = Talk.begin(rig);
        SdkPeer host = talk.host();
        SdkPeer dialer = talk.dialer();
        FakeCircuits.End end = rig.circuits.terminators.get(talk.circuitId());
        host.data(talk.hosted(), "last").send(Data.fin(talk.hosted()));
        dialer.expectData(1, 0, "last");
        dialer.expectData(1, Data.FIN, "");
        end.endOfInput();
        dialer.expectNothing();
    }
}
