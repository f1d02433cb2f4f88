package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.pki.Keys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Streams on event loops. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class LoopStreamTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private FakeController controller;
    private FakeRouter router;
    private PosternClient host;
    private PosternClient dialer;

    @BeforeAll
    void start() throws Exception {
        controller = new FakeController(Keys.ec256());
        IdentityFile identity = new Enroller()
                .enroll(controller.token("ott", "me", Instant.now().plusSeconds(60)));
        router = new FakeRouter(loops, controller.authority);
        controller.routers.put("r", router.address());
        controller.service("sealed", true, "Dial", "Bind");
        controller.service("clear", false, "Dial", "Bind");
        host = PosternClient.of(identity);
        dialer = PosternClient.of(identity, loops);
        Echo.on(host.bind("sealed"));
        Echo.on(host.bind("clear"));
    }

    @AfterAll
    void end() {
        dialer.close();
        host.close();
        router.close();
        controller.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Keeps what comes. */
    private static final class Kept implements LoopStream.Receiver {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();

        @Override
        public void bytes(ByteBuf some) {
            byte[] copy = new byte[some.readableBytes()];
            some.readBytes(copy);
            some.release();
            bytes.writeBytes(copy);
        }

        @Override
        public void ended() {
            all.complete(bytes.toByteArray());
        }

        @Override
        public void broken(String why) {
            all.completeExceptionally(new IOException(why));
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] echoed(LoopStream stream, byte[] sent) throws Exception {
        Kept kept = new Kept();
        stream.loop().execute(() -> {
            stream.receive(kept);
            for (int at = 0; at < sent.length; at += 50_000) {
                stream.write(Unpooled.copiedBuffer(sent, at, Math.min(50_000, sent.length - at)));
            }
            stream.closeOutput();
        });
        return kept.all.get(90, TimeUnit.SECONDS);
    }

    @Test
    void bytesComeBackAndTheEndToo() throws Exception {
        for (String service : new String[] {"sealed", "clear"}) {
            byte[] sent = random(1_000_000);
            EventLoop loop = loops.next();
            LoopStream own = dialer.dialStream(service, DialOptions.DEFAULT, loop)
                    .toCompletableFuture()
                    .get(90, TimeUnit.SECONDS);
            assertThat(own.loop()).isSameAs(loop);
            assertThat(echoed(own, sent)).isEqualTo(sent);
            own.loop().execute(own::close);
            LoopStream shared = dialer.dialStream(service, DialOptions.DEFAULT)
                    .toCompletableFuture()
                    .get(90, TimeUnit.SECONDS);
            assertThat(echoed(shared, sent)).isEqualTo(sent);
            shared.loop().execute(shared::close);
        }
    }

    @Test
    void aPausedStreamHoldsNobodyElse() throws Exception {
        EventLoop loop = loops.next();
        LoopStream paused = dialer.dialStream("sealed", DialOptions.DEFAULT, loop)
                .toCompletableFuture()
                .get(90, TimeUnit.SECONDS);
        Kept kept = new Kept();
        byte[] sent = random(200_000);
        CompletableFuture<Void> asked = new CompletableFuture<>();
        loop.execute(() -> {
            paused.receive(kept);
            paused.pause();
            paused.write(Unpooled.copiedBuffer(sent));
            paused.closeOutput();
            asked.complete(null);
        });
        asked.get(90, TimeUnit.SECONDS);
        LoopStream other = dialer.dialStream("sealed", DialOptions.DEFAULT, loop)
                .toCompletableFuture()
                .get(90, TimeUnit.SECONDS);
        assertThat(echoed(other, sent)).isEqualTo(sent);
        assertThat(kept.bytes.size()).isZero();
        loop.execute(paused::resume);
        assertThat(kept.all.get(90, TimeUnit.SECONDS)).isEqualTo(sent);
        loop.execute(paused::close);
        loop.execute(other::close);
    }

    @Test
    void whatCannotBeDialledIsRefused() {
        assertThatThrownBy(() -> dialer.dialStream("nothing", DialOptions.DEFAULT, loops.next())
                        .toCompletableFuture()
                        .get(90, TimeUnit.SECONDS))
                .hasCauseInstanceOf(DialRefused.class);
    }
}
