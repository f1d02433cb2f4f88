package io.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.postern.fabric.channel.Heartbeats;
import io.postern.transport.TestNet.Peer;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.FrameLimits;
import io.postern.wire.Header;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChannelTest {
    private static final ChannelOptions OPTIONS = ChannelOptions.EDGE;
    private final TestNet net = new TestNet();
    private final TlsIdentity server = net.identity("server");

    @AfterAll
    void stop() {
        net.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"JDK", "OPENSSL"})
    void requestsAreAnsweredAndBodiesArriveWhole(TlsEngine engine) throws Exception {
        Peer echo =
                new Peer(f -> FrameBuilder.reply(ContentType.DIAL_SUCCESS, f).body(f.bodyBytes()));
        ChannelServer at = net.server(server, engine, TestNet.accepting(echo, OPTIONS));
        Channel channel = TestNet.get(net.dial(at, engine, new Peer(), OPTIONS));
        assertThat(channel.peerId()).isEqualTo("server-id");
        assertThat(TestNet.get(echo.channel).peerId()).isEqualTo("client");
        assertThat(TestNet.get(echo.channel).peerChain()).hasSize(2);
        assertThat(TestNet.get(echo.channel).id()).isEqualTo(channel.id());
        for (int size : new int[] {0, 1, 5_000, 20_000, 70_000, 3_000_000}) {
            byte[] body = new byte[size];
            ThreadLocalRandom.current().nextBytes(body);
            FrameBuilder dial = FrameBuilder.of(ContentType.DIAL).body(Unpooled.wrappedBuffer(body));
            Frame reply =
                    TestNet.get(channel.request(dial, Duration.ofSeconds(60)).toCompletableFuture());
            assertThat(reply.bodyBytes()).isEqualTo(body);
            reply.release();
        }
        channel.close("done");
        assertThat(TestNet.get(echo.closed).kind()).isEqualTo(CloseCause.Kind.PEER);
    }

    @Test
    void framesOfOneThreadKeepTheirOrder() throws Exception {
        Peer sink = new Peer();
        ChannelServer at = net.server(server, TlsEngine.AUTO, TestNet.accepting(sink, OPTIONS));
        Channel channel = TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS));
        for (int i = 0; i < 2_000; i++) {
            channel.send(
                    FrameBuilder.of(ContentType.DATA).i32(Header.CONN_ID, i).body(new byte[i % 300]));
        }
        for (int i = 0; i < 2_000; i++) {
            Frame frame = sink.next();
            assertThat(frame.i32(Header.CONN_ID, -1)).isEqualTo(i);
            assertThat(frame.sequence()).isEqualTo(i + 1);
            frame.release();
        }
    }

    @Test
    void unansweredRequestsTimeOutAndEndedChannelsFailThem() throws Exception {
        Peer silent = new Peer();
        ChannelServer at = net.server(server, TlsEngine.AUTO, TestNet.accepting(silent, OPTIONS));
        Channel channel = TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS));
        assertThatThrownBy(() -> TestNet.get(channel.request(FrameBuilder.of(ContentType.BIND), Duration.ofMillis(50))
                        .toCompletableFuture()))
                .hasCauseInstanceOf(RequestTimeout.class);
        var pending = channel.request(FrameBuilder.of(ContentType.BIND), Duration.ofSeconds(60));
        silent.next().release();
        silent.next().release();
        TestNet.get(silent.channel).close("test");
        assertThatThrownBy(() -> TestNet.get(pending.toCompletableFuture())).hasCauseInstanceOf(ChannelClosed.class);
    }

    @Test
    void heartbeatsMeasureAndSilenceCloses() throws Exception {
        Heartbeats quick = new Heartbeats(Duration.ofMillis(30), Duration.ofMillis(400));
        Peer answering = new Peer();
        ChannelServer at =
                net.server(server, TlsEngine.AUTO, TestNet.accepting(answering, OPTIONS.withHeartbeats(quick)));
        Peer dialer = new Peer();
        TestNet.get(net.dial(at, TlsEngine.AUTO, dialer, OPTIONS.withHeartbeats(quick)));
        assertThat(TestNet.get(dialer.latency)).isPositive();
        assertThat(TestNet.get(answering.latency)).isPositive();
        Peer deaf = new Peer();
        ChannelServer mute = net.server(server, TlsEngine.AUTO, TestNet.accepting(new Peer(), OPTIONS));
        TestNet.get(net.dial(mute, TlsEngine.AUTO, deaf, OPTIONS.withHeartbeats(quick)));
        assertThat(TestNet.get(deaf.closed).kind()).isEqualTo(CloseCause.Kind.UNRESPONSIVE);
    }

    @Test
    void latencyProbesAreAnsweredWithTheirStamp() throws Exception {
        ChannelServer at = net.server(server, TlsEngine.AUTO, TestNet.accepting(new Peer(), OPTIONS));
        Channel channel = TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS));
        FrameBuilder probe = FrameBuilder.of(ContentType.LATENCY).u64(Header.REFLECTED, 42);
        Frame reply = TestNet.get(channel.request(probe, Duration.ofSeconds(60)).toCompletableFuture());
        assertThat(reply.contentType()).isEqualTo(ContentType.RESULT);
        assertThat(reply.bool(Header.RESULT_SUCCESS)).isTrue();
        assertThat(reply.u64(Header.REFLECTED, 0)).isEqualTo(42);
        reply.release();
    }

    @Test
    void aRefusalReachesTheDialer() throws Exception {
        ChannelServer at = net.server(
                server,
                TlsEngine.AUTO,
                hello -> CompletableFuture.completedFuture(
                        new HelloAnswer.Reject("token is expired", HelloAnswer.Reject.NOT_PERMITTED)));
        assertThatThrownBy(() -> TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(HelloRefused.class)
                .hasMessage("token is expired")
                .extracting(e -> ((HelloRefused) e).rejectClass())
                .isEqualTo(HelloAnswer.Reject.NOT_PERMITTED);
    }

    @Test
    void protocolsShareAPort() throws Exception {
        Peer edge = new Peer();
        Peer link = new Peer();
        ChannelServer at = net.server(
                ServerOptions.of(net.loops, TestNet.loopback(), server),
                Map.of("ziti-edge", TestNet.accepting(edge, OPTIONS), "ziti-link", TestNet.accepting(link, OPTIONS)));
        TestNet.get(net.dial(at, TlsEngine.AUTO, net.identity("router"), "ziti-link", new Peer(), OPTIONS));
        assertThat(TestNet.get(link.channel).peerId()).isEqualTo("client");
        assertThat(edge.channel).isNotDone();
        assertThatThrownBy(() ->
                        TestNet.get(net.dial(at, TlsEngine.AUTO, net.identity("client"), null, new Peer(), OPTIONS)))
                .hasCauseInstanceOf(DialFailed.class);
    }

    @Test
    void chainsOfStrangersAreRefusedAndExpiredLeavesLeftToTheAcceptor() throws Exception {
        Peer peer = new Peer();
        ChannelServer at = net.server(server, TlsEngine.AUTO, TestNet.accepting(peer, OPTIONS));
        try (TestNet strangers = new TestNet()) {
            TlsIdentity.Material stranger = strangers.material("client", Duration.ofHours(1), Instant.now());
            TlsIdentity trusting = new TlsIdentity(new TlsIdentity.Material(
                    stranger.key(),
                    stranger.clientChain(),
                    stranger.serverChain(),
                    server.material().trust()));
            assertThatThrownBy(
                            () -> TestNet.get(net.dial(at, TlsEngine.AUTO, trusting, "ziti-edge", new Peer(), OPTIONS)))
                    .hasCauseInstanceOf(DialFailed.class);
        }
        TlsIdentity expired = new TlsIdentity(
                net.material("client", Duration.ofMinutes(5), Instant.now().minus(Duration.ofHours(2))));
        TestNet.get(net.dial(at, TlsEngine.AUTO, expired, "ziti-edge", new Peer(), OPTIONS));
    }

    @Test
    void certificatesAreReplacedWhileServing() throws Exception {
        TlsIdentity replaceable = net.identity("before");
        ChannelServer at = net.server(replaceable, TlsEngine.AUTO, TestNet.accepting(new Peer(), OPTIONS));
        Channel before = TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS));
        replaceable.replace(net.material("after", Duration.ofHours(1), Instant.now()));
        Channel after = TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS));
        assertThat(Printable.commonName(before.peerChain())).isEqualTo("before");
        assertThat(Printable.commonName(after.peerChain())).isEqualTo("after");
        assertThat(before.isOpen()).isTrue();
    }

    @Test
    void oversizedFramesCostTheirChannelOnly() throws Exception {
        Peer victim = new Peer();
        ChannelOptions small = OPTIONS.withLimits(new FrameLimits(1024, 1024));
        ChannelServer at = net.server(server, TlsEngine.AUTO, TestNet.accepting(victim, small));
        Channel bystander = TestNet.get(net.dial(at, TlsEngine.AUTO, new Peer(), OPTIONS));
        Peer dialer = new Peer();
        Channel channel = TestNet.get(net.dial(at, TlsEngine.AUTO, dialer, OPTIONS));
        channel.send(FrameBuilder.of(ContentType.DATA).body(new byte[1025]));
        assertThat(TestNet.get(dialer.closed).kind()).isEqualTo(CloseCause.Kind.PEER);
        assertThat(TestNet.get(victim.closed).kind()).isEqualTo(CloseCause.Kind.MALFORMED);
        assertThat(bystander.isOpen()).isTrue();
    }

    @Test
    void aSlowReaderFirstTurnsWritabilityThenLosesItsChannel() throws Exception {
        Peer slow = new Peer();
        ChannelServer at = net.server(server, TlsEngine.AUTO, TestNet.accepting(slow, OPTIONS));
        Peer dialer = new Peer();
        ChannelOptions tight = OPTIONS.withPending(new WriteBufferWaterMark(16_384, 65_536), 8_000_000);
        Channel channel = TestNet.get(net.dial(at, TlsEngine.AUTO, dialer, tight));
        TestNet.get(slow.channel).pauseReading();
        int sent = 0;
        while (channel.isWritable() && sent < 20_000) {
            channel.send(FrameBuilder.of(ContentType.DATA).body(new byte[10_000]));
            sent++;
        }
        assertThat(channel.isWritable()).isFalse();
        TestNet.get(slow.channel).resumeReading();
        for (int i = 0; i < sent; i++) {
            slow.next().release();
        }
        Boolean turned = false;
        while (Boolean.FALSE.equals(turned)) {
            turned = dialer.writable.poll(60, TimeUnit.SECONDS);
        }
        assertThat(turned).isTrue();
        TestNet.get(slow.channel).pauseReading();
        for (int i = 0; i < 5_000 && channel.isOpen(); i++) {
            channel.send(FrameBuilder.of(ContentType.DATA).body(new byte[10_000]));
        }
        assertThat(TestNet.get(dialer.closed).kind()).isEqualTo(CloseCause.Kind.OVERFLOW);
    }

    @Test
    void otherVersionsAreToldOursAndGarbageIsClosed() throws Exception {
        ChannelServer at = net.server(
                ServerOptions.of(net.loops, TestNet.loopback(), server).withHelloTimeout(Duration.ofMillis(600)),
                Map.of("", TestNet.accepting(new Peer(), OPTIONS)));
        assertThat(talk(at, new byte[] {3, 6, 9, 0x0B, 0, 0, 0, 0}))
                .containsExactly(3, 6, 9, 0x0A, 1, 0, 0, 0, 2, 0, 0, 0);
        assertThat(talk(at, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .startsWith(3, 6, 9, 0x0A);
        byte[] huge = new byte[20];
        System.arraycopy(new byte[] {3, 6, 9, 0x0C}, 0, huge, 0, 4);
        huge[15] = 0x7F;
        assertThat(talk(at, huge)).isEmpty();
        assertThat(talk(at, new byte[] {3, 6})).isEmpty();
    }

    private byte[] talk(ChannelServer at, byte[] bytes) throws Exception {
        try (Socket socket = net.socket(at)) {
            socket.setSoTimeout(8_000);
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            return socket.getInputStream().readAllBytes();
        }
    }
}
