package io.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.postern.testkit.LogCapture;
import io.postern.transport.TestNet.Peer;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A peer that numbers and orders its frames as no other does, byte by byte over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutOfOrderTest {
    private final TestNet net = new TestNet();
    private final TlsIdentity identity = net.identity("server");
    private Peer peer;
    private ChannelServer server;

    @BeforeEach
    void serve() throws Exception {
        peer = new Peer();
        server = net.server(identity, TlsEngine.AUTO, TestNet.accepting(peer, ChannelOptions.EDGE));
    }

    @AfterAll
    void stop() {
        net.close();
    }

    private static void write(SSLSocket socket, int sequence, FrameBuilder frame) throws IOException {
        ByteBuf whole = frame.encode(UnpooledByteBufAllocator.DEFAULT, sequence);
        byte[] bytes = new byte[whole.readableBytes()];
        whole.readBytes(bytes);
        whole.release();
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private static Frame read(SSLSocket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] prefix = new byte[Frame.PREFIX];
        in.readFully(prefix);
        int rest = Integer.reverseBytes(java.nio.ByteBuffer.wrap(prefix).getInt(12))
                + Integer.reverseBytes(java.nio.ByteBuffer.wrap(prefix).getInt(16));
        ByteBuf whole = UnpooledByteBufAllocator.DEFAULT.buffer().writeBytes(prefix);
        whole.writeBytes(in.readNBytes(rest));
        return Frame.take(whole);
    }

    private static FrameBuilder hello() {
        return FrameBuilder.of(ContentType.HELLO).body("raw");
    }

    private SSLSocket open() throws Exception {
        SSLSocket socket = net.socket(server);
        socket.setSoTimeout(60_000);
        write(socket, 1, hello());
        Frame answer = read(socket);
        assertThat(answer.bool(Header.RESULT_SUCCESS)).isTrue();
        answer.release();
        return socket;
    }

    private Frame received(int sequence) throws InterruptedException {
        Frame frame = peer.next();
        assertThat(frame.sequence()).isEqualTo(sequence);
        return frame;
    }

    @Test
    void sequencesThatComeTwiceOrBackwardsAreDeliveredAsTheyCome() throws Exception {
        try (SSLSocket socket = open()) {
            int[] sequences = {7, 3, 3, 2, -1, 0};
            for (int sequence : sequences) {
                write(socket, sequence, FrameBuilder.of(ContentType.DATA).i32(Header.CONN_ID, sequence));
            }
            for (int sequence : sequences) {
                Frame frame = received(sequence);
                assertThat(frame.i32(Header.CONN_ID, 99)).isEqualTo(sequence);
                frame.release();
            }
            assertThat(TestNet.get(peer.channel).isOpen()).isTrue();
        }
    }

    @Test
    void aReplyBeforeItsRequestAnswersNothing() throws Exception {
        try (SSLSocket socket = open()) {
            write(socket, 2, FrameBuilder.of(ContentType.RESULT).replyFor(1).body("too early"));
            received(2).release();
            CompletableFuture<Frame> reply = TestNet.get(peer.channel)
                    .request(FrameBuilder.of(ContentType.BIND), Duration.ofSeconds(60))
                    .toCompletableFuture();
            Frame request = read(socket);
            assertThat(request.sequence()).isOne();
            assertThat(reply).isNotDone();
            write(socket, 3, FrameBuilder.of(ContentType.RESULT).replyFor(1).body("in time"));
            Frame answer = TestNet.get(reply);
            assertThat(answer.bodyText()).isEqualTo("in time");
            answer.release();
            request.release();
        }
    }

    @Test
    void aResultThatNobodyAskedForIsAFrameLikeOthers() throws Exception {
        try (SSLSocket socket = open()) {
            write(socket, 2, FrameBuilder.of(ContentType.RESULT).replyFor(4711));
            Frame frame = received(2);
            assertThat(frame.contentType()).isEqualTo(ContentType.RESULT);
            frame.release();
            assertThat(TestNet.get(peer.channel).isOpen()).isTrue();
        }
    }

    @Test
    void aSecondHelloCostsItsChannelOnlyAndIsSaid() throws Exception {
        Channel bystander = TestNet.get(net.dial(
                net.server(identity, TlsEngine.AUTO, TestNet.accepting(new Peer(), ChannelOptions.EDGE)),
                TlsEngine.AUTO,
                new Peer(),
                ChannelOptions.EDGE));
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogCapture log = LogCapture.of(Channel.class, said::add);
                SSLSocket socket = open()) {
            write(socket, 2, FrameBuilder.of(ContentType.DATA));
            received(2).release();
            write(socket, 3, hello());
            assertThat(TestNet.get(peer.closed).kind()).isEqualTo(CloseCause.Kind.MALFORMED);
            assertThat(socket.getInputStream().read()).isNegative();
        }
        assertThat(said)
                .filteredOn(line -> line.contains("peer=raw"))
                .singleElement()
                .asString()
                .contains("channel.malformed", "remote=/127.0.0.1", "what=hello on an open channel");
        assertThat(bystander.isOpen()).isTrue();
    }

    @Test
    void dataBeforeTheHelloIsRefusedAndSaid() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogCapture log = LogCapture.of(ChannelServer.class, said::add);
                SSLSocket socket = net.socket(server)) {
            socket.setSoTimeout(60_000);
            String self = "remote=/127.0.0.1:" + socket.getLocalPort();
            write(socket, 1, FrameBuilder.of(ContentType.DATA).body("hasty"));
            assertThat(socket.getInputStream().read()).isNegative();
            assertThat(said)
                    .filteredOn(line -> line.contains(self))
                    .singleElement()
                    .asString()
                    .contains("hello.malformed", "first frame is");
        }
        assertThat(peer.channel).isNotDone();
    }
}
