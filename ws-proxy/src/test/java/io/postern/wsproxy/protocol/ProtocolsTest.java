package io.postern.wsproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import io.postern.wsproxy.hub.Viewer.Stream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtocolsTest {
    private static final byte[] TEXT = "aé€😀日本 ".getBytes(StandardCharsets.UTF_8);

    private final RecordingClient client = new RecordingClient();

    private static ByteBuf bytes(int... values) {
        ByteBuf all = Unpooled.buffer();
        for (int value : values) {
            all.writeByte(value);
        }
        return all;
    }

    private static ContainerFacts container() {
        return new ContainerFacts(
                new HostName("h"), "a".repeat(64), "n", "i", Map.of(), ContainerFacts.State.RUNNING, true, true);
    }

    @Test
    void rawKeepsCharactersWholeWhereverTheyAreCut() {
        for (int cut = 0; cut <= TEXT.length; cut++) {
            for (int second = cut; second <= TEXT.length; second++) {
                RecordingClient one = new RecordingClient();
                RawProtocol protocol = new RawProtocol(true);
                protocol.output(Stream.OUT, Unpooled.copiedBuffer(TEXT, 0, cut), one);
                protocol.output(Stream.OUT, Unpooled.copiedBuffer(TEXT, cut, second - cut), one);
                protocol.output(Stream.OUT, Unpooled.copiedBuffer(TEXT, second, TEXT.length - second), one);
                assertThat(one.all()).isEqualTo(TEXT);
                one.sent.forEach(message -> {
                    assertThat(message).isNotEmpty();
                    assertThat(ByteBufUtil.isText(Unpooled.wrappedBuffer(message), StandardCharsets.UTF_8))
                            .isTrue();
                });
                assertThat(one.did).hasSameSizeAs(one.sent);
            }
        }
    }

    @Test
    void rawWaitsForTheRestOfACharacterOnlySoLong() {
        RawProtocol protocol = new RawProtocol(false);
        protocol.output(Stream.OUT, bytes('a', 0xE2, 0x82), client);
        assertThat(client.all()).isEqualTo(new byte[] {'a'});
        client.later.getFirst().run();
        assertThat(client.all()).isEqualTo(new byte[] {'a', (byte) 0xE2, (byte) 0x82});
        protocol.output(Stream.OUT, bytes(0xF0), client);
        protocol.output(Stream.OUT, bytes(0x9F, 0x98, 0x80), client);
        int before = client.sent.size();
        client.later.forEach(Runnable::run);
        assertThat(client.sent).hasSize(before);
    }

    @Test
    void rawPassesAnyBytesThroughExceptToClientsThatDieOfThem() {
        byte[] noise = new byte[10_000];
        new Random(7).nextBytes(noise);
        for (boolean text : new boolean[] {true, false}) {
            RecordingClient one = new RecordingClient();
            RawProtocol protocol = new RawProtocol(text);
            for (int at = 0; at < noise.length; at += 100) {
                protocol.output(Stream.OUT, Unpooled.copiedBuffer(noise, at, 100), one);
            }
            protocol.ended(new End.Exit(0), one);
            if (text) {
                one.sent.forEach(message -> assertThat(
                                ByteBufUtil.isText(Unpooled.wrappedBuffer(message), StandardCharsets.UTF_8))
                        .isTrue());
            } else {
                assertThat(one.all()).isEqualTo(noise);
            }
            assertThat(one.did).contains("close 1000").doesNotContain("ping");
        }
    }

    @Test
    void rawSaysWhatItHasNoCodeFor() {
        RawProtocol protocol = new RawProtocol(true);
        protocol.quiet(client);
        protocol.ended(new End.Broken("host \u001b[31mgone"), client);
        assertThat(new String(client.all(), StandardCharsets.UTF_8)).contains("[postern: host  [31mgone]");
        assertThat(client.did).containsExactly("flush", "close 1000");
    }

    @Test
    void channelsTakeWhatTheyKnowAndNothingElse() {
        ChannelProtocol protocol = new ChannelProtocol(true, true, true);
        protocol.received(bytes(0, 'a', 'b'), client);
        protocol.received(bytes(), client);
        protocol.received(bytes(0), client);
        protocol.received(bytes(9, 1), client);
        protocol.received(bytes(1, 'x'), client);
        protocol.received(bytes(0xFF, 1), client);
        protocol.received(bytes(0xFF), client);
        for (String size : List.of(
                "{\"Width\":0,\"Height\":1}",
                "{\"Width\":-1,\"Height\":1}",
                "{\"Width\":65536,\"Height\":1}",
                "{\"Width\":1.5,\"Height\":1}",
                "{\"Width\":\"1\",\"Height\":1}",
                "{\"width\":1,\"height\":1}",
                "{\"Width\":99999999999999,\"Height\":1}",
                "[]",
                "{",
                "",
                "{\"Width\":1,\"Height\":1," + "\"x\":1,".repeat(100) + "\"y\":1}")) {
            protocol.received(
                    Unpooled.wrappedBuffer(bytes(4), Unpooled.copiedBuffer(size, StandardCharsets.UTF_8)), client);
        }
        assertThat(client.typed.toString(StandardCharsets.UTF_8)).isEqualTo("ab");
        assertThat(client.did).isEmpty();
        protocol.received(Unpooled.copiedBuffer("\4{\"Width\":65535,\"Height\":1}\n", StandardCharsets.UTF_8), client);
        protocol.received(bytes(0xFF, 0), client);
        protocol.received("text", client);
        assertThat(client.did).containsExactly("resize 65535x1", "eof", "close 1003");
    }

    @Test
    void channelsThatWereNotAskedForAreSilent() {
        ChannelProtocol protocol = new ChannelProtocol(false, true, false);
        protocol.output(Stream.ERR, bytes('e'), client);
        protocol.output(Stream.OUT, bytes('o'), client);
        protocol.received(bytes(0, 'x'), client);
        protocol.received(bytes(0xFF, 0), client);
        assertThat(client.all()).isEqualTo(new byte[] {1, 'o'});
        assertThat(client.typed.size()).isZero();
        assertThat(client.did).isEmpty();
    }

    @Test
    void controlMessagesOfAnyShapeAreHarmless() {
        ConsoleProtocol protocol = new ConsoleProtocol(container());
        for (String odd : List.of(
                "{\"type\":\"resize\",\"cols\":0,\"rows\":1}",
                "{\"type\":\"resize\",\"cols\":70000,\"rows\":1}",
                "{\"type\":\"resize\"}",
                "{\"type\":\"pong\"}",
                "{\"type\":\"tomorrow\"}")) {
            protocol.received(odd, client);
        }
        assertThat(client.did).isEmpty();
        List<String> wrong = List.of(
                "",
                "[]",
                "1",
                "{}",
                "{",
                "null",
                "{\"type\":1}",
                "{\"type\":\"ack\"}",
                "{\"type\":\"ack\",\"position\":-1}",
                "{\"type\":\"ack\",\"position\":1.5}",
                "{\"type\":\"ack\",\"position\":99999999999999999999}",
                "{\"type\":\"eof\",\"x\":\"" + "y".repeat(5000));
        wrong.forEach(odd -> protocol.received(odd, client));
        assertThat(client.did).hasSize(wrong.size()).allMatch(did -> did.equals("close 1008") || did.equals("eof"));
        Random random = new Random(11);
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder("{\"type\":\"");
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append((char) (32 + random.nextInt(90)));
            }
            ControlMessage.read(text.toString());
        }
    }

    @Test
    void consoleTakesInputOnItsChannelOnly() {
        ConsoleProtocol protocol = new ConsoleProtocol(container());
        protocol.received(bytes(0, 'a'), client);
        protocol.received(bytes(1, 'b'), client);
        protocol.received(bytes(0), client);
        protocol.received(bytes(), client);
        assertThat(client.typed.toString(StandardCharsets.UTF_8)).isEqualTo("a");
        protocol.event(new Event.Skipped(10, 30), client);
        assertThat(client.did).contains("text {\"type\":\"skipped\",\"bytes\":10,\"position\":30}");
    }

    @Test
    void messagesOfAnyCutAreReadWithinTheirBound() {
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            MessageReader reader = new MessageReader(1000);
            int frames = 1 + random.nextInt(5);
            int total = 0;
            for (int i = 0; i < frames; i++) {
                int length = random.nextInt(400);
                total += length;
                ByteBuf frame = Unpooled.buffer().writeZero(length);
                MessageReader.Read read = reader.frame(frame, false, i == 0, i == frames - 1);
                if (total > 1000) {
                    assertThat(read).isInstanceOf(MessageReader.Read.TooLong.class);
                    break;
                }
                if (i == frames - 1) {
                    int expected = total;
                    assertThat(read).isInstanceOfSatisfying(MessageReader.Read.Binary.class, whole -> {
                        assertThat(whole.bytes().readableBytes()).isEqualTo(expected);
                        whole.bytes().release();
                    });
                }
            }
            reader.drop();
        }
        MessageReader text = new MessageReader(10);
        assertThat(text.frame(bytes(0xC3, 0x28), true, true, true)).isInstanceOf(MessageReader.Read.NoText.class);
    }
}
