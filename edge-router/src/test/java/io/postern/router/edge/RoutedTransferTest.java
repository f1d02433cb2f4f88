package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.edge.Data;
import io.postern.wire.edge.StateClosed;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients on both sides of real circuits: every message arrives as it was sent, whatever the load. */
@Timeout(120)
class RoutedTransferTest {
    private static final int MESSAGE = 32 * 1024;

    private final EdgeRig rig = EdgeRig.routing();
    private SdkPeer host;
    private SdkPeer dialer;
    private int hostConn;
    private String circuitId;

    @BeforeEach
    void talk() throws Exception {
        Talk talk = Talk.begin(rig);
        host = talk.host();
        dialer = talk.dialer();
        hostConn = talk.hosted();
        circuitId = talk.circuitId();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void sixteenMebibytesBothWaysAtOnce() throws Exception {
        int count = 16 * 1024 * 1024 / MESSAGE;
        CompletableFuture<String> out = sending(dialer, 1, count, 1);
        CompletableFuture<String> back = sending(host, hostConn, count, 2);
        CompletableFuture<String> atHost = receiving(host, hostConn);
        CompletableFuture<String> atDialer = receiving(dialer, 1);
        assertThat(atHost.get(60, TimeUnit.SECONDS)).isEqualTo(out.get());
        assertThat(atDialer.get(60, TimeUnit.SECONDS)).isEqualTo(back.get());
        dialer.send(StateClosed.of(1, "").frame());
        host.expect(ContentType.STATE_CLOSED);
        dialer.expectNothing();
    }

    @Test
    void unrouteClosesBothSides() throws Exception {
        dialer.data(1, "hello");
        host.expectData(hostConn, 0, "hello");
        rig.controllers.unroute(circuitId);
        dialer.expect(ContentType.STATE_CLOSED);
        host.expect(ContentType.STATE_CLOSED);
    }

    @Test
    void bytesSentJustBeforeCloseArrive() throws Exception {
        for (int i = 0; i < 200; i++) {
            host.data(hostConn, "line " + i);
        }
        host.send(StateClosed.of(hostConn, "").frame());
        for (int i = 0; i < 200; i++) {
            dialer.expectData(1, 0, "line " + i);
        }
        dialer.expectClose();
    }

    @Test
    void lostChannelIsSeenOnTheOtherSide() throws Exception {
        dialer.data(1, "hello");
        host.expectData(hostConn, 0, "hello");
        dialer.channel.close("test");
        host.expectClose();
    }

    private static CompletableFuture<String> sending(SdkPeer peer, int connId, int count, int seed) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                Random random = new Random(seed);
                for (int i = 0; i < count; i++) {
                    byte[] message = new byte[MESSAGE - i % 100];
                    random.nextBytes(message);
                    digest.update(message);
                    peer.awaitWritable();
                    peer.send(Data.frame(connId, 0, null, Unpooled.wrappedBuffer(message)));
                }
                peer.send(Data.fin(connId));
                return HexFormat.of().formatHex(digest.digest());
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Until FIN; messages are expected in their sizes, which count down and start again. */
    private static CompletableFuture<String> receiving(SdkPeer peer, int connId) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                for (int i = 0; ; i++) {
                    Frame frame = peer.expect(ContentType.DATA);
                    assertThat(frame.i32(Header.CONN_ID, 0)).isEqualTo(connId);
                    if (Data.flags(frame) == Data.FIN) {
                        frame.release();
                        return HexFormat.of().formatHex(digest.digest());
                    }
                    assertThat(frame.bodyLength()).isEqualTo(MESSAGE - i % 100);
                    digest.update(frame.body().nioBuffer());
                    frame.release();
                }
            } catch (InterruptedException | java.security.NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        });
    }
}
