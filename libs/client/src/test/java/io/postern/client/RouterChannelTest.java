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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a router counts as dead. */
@Timeout(120)
class RouterChannelTest {
    /** Patient enough for a machine that has better things to do for a moment. */
    private static final RouterChannel.Probes PROBES =
            new RouterChannel.Probes(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final Authority authority = Authority.root(Keys.ec256(), "test root", Instant.now());
    private final List<FakeRouter> routers = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        routers.forEach(FakeRouter::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    /** A channel to a router of its own. */
    private final class Line {
        final FakeRouter router = new FakeRouter(loops, authority);
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        final RouterChannel channel = new RouterChannel("r", "s", PROBES);

        Line() throws InterruptedException {
            routers.add(router);
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
            Channel up = new ChannelDialer(loops, TlsEngine.AUTO)
                    .dial(
                            Address.parse(router.address()),
                            identity,
                            "ziti-edge",
                            FrameBuilder.of(ContentType.HELLO).body("client"),
                            channel,
                            ChannelOptions.EDGE)
                    .toCompletableFuture()
                    .join();
            up.loop()
                    .submit(() -> channel.opened(up, () -> closed.complete(null)))
                    .syncUninterruptibly();
            while (router.channels.isEmpty()) {
                Thread.sleep(10);
            }
        }

        /** The router reads nothing any more, so that it answers nothing. */
        Line unread() {
            router.channels.forEach(Channel::pauseReading);
            return this;
        }
    }

    /** How long that takes is measured by routers that are dead. */
    @Test
    void onlyARouterThatCouldBeHeardIsSilent() throws Exception {
        Line held = new Line();
        held.channel.channel().loop().submit(held.channel::hold).get();
        held.channel.updateToken(new ApiSession("s", "fresh", "me", "tester", Instant.MAX));
        Line speaking = new Line().unread();
        for (int i = 0; i < 2; i++) {
            Line dead = new Line().unread();
            while (!dead.closed.isDone()) {
                speaking.router.channels.forEach(up -> up.send(FrameBuilder.of(ContentType.LATENCY)));
                Thread.sleep(20);
            }
        }
        assertThat(speaking.channel.isOpen()).isTrue();
        assertThat(held.channel.isOpen()).isTrue();
        long before = held.channel.roundTrip();
        held.channel.letGo();
        while (held.channel.roundTrip() == before) {
            Thread.sleep(10);
        }
        assertThat(held.channel.isOpen()).isTrue();
    }
}
