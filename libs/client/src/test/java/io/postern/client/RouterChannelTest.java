package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelOptions;
import io.postern.transport.TlsEngine;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a router counts as dead, told by probes that are due all the time. */
@Timeout(120)
class RouterChannelTest {
    private static final RouterChannel.Probes PROBES =
            new RouterChannel.Probes(Duration.ofMillis(50), Duration.ofMillis(300));
    /** Far longer than a silent router is borne. */
    private static final Duration LONG = Duration.ofMillis(1500);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final Authority authority = Authority.root(Keys.ec256(), "test root", Instant.now());
    private final FakeRouter router = new FakeRouter(loops, authority);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final RouterChannel channel = open();

    @AfterEach
    void end() throws InterruptedException {
        router.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private RouterChannel open() {
        KeyPair keys = Keys.ec256();
        var chain = authority.withIntermediates(authority.issue(
                keys.getPublic(),
                "client",
                FakeController.names(),
                Authority.Usage.PEER,
                Instant.now(),
                Duration.ofDays(1)));
        TlsIdentity identity =
                new TlsIdentity(new TlsIdentity.Material(keys.getPrivate(), chain, chain, authority.chain()));
        RouterChannel opened = new RouterChannel("r", PROBES);
        Channel up = new ChannelDialer(loops, TlsEngine.AUTO)
                .dial(
                        Address.parse(router.address()),
                        identity,
                        "ziti-edge",
                        FrameBuilder.of(ContentType.HELLO).body("client"),
                        opened,
                        ChannelOptions.EDGE)
                .toCompletableFuture()
                .join();
        up.loop().submit(() -> opened.opened(up, () -> closed.complete(null))).syncUninterruptibly();
        return opened;
    }

    @Test
    void aRouterThatSaysNothingIsDead() throws Exception {
        router.channels.forEach(Channel::pauseReading);
        closed.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aRouterThatIsNotReadIsNotDead() throws Exception {
        channel.channel().loop().submit(channel::hold).get();
        channel.updateToken("fresh");
        Thread.sleep(LONG);
        assertThat(channel.isOpen()).isTrue();
        long before = channel.roundTrip();
        channel.letGo();
        while (channel.roundTrip() == before) {
            Thread.sleep(10);
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aRouterThatSpeaksButDoesNotReadIsNotDead() throws Exception {
        router.channels.forEach(Channel::pauseReading);
        for (int i = 0; i < 30; i++) {
            router.channels.forEach(up -> up.send(FrameBuilder.of(ContentType.LATENCY)));
            Thread.sleep(LONG.dividedBy(30));
        }
        assertThat(channel.isOpen()).isTrue();
    }
}
