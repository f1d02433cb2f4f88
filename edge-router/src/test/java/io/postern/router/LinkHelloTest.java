package io.postern.router;

import static io.postern.router.RouterRig.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.router.ScriptedController.Session;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.ChannelServer;
import io.postern.transport.CloseCause;
import io.postern.transport.HelloAnswer;
import io.postern.transport.PendingHello;
import io.postern.transport.ServerOptions;
import io.postern.transport.TlsEngine;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.Listener;
import io.postern.wire.ctrl.pb.Listeners;
import io.postern.wire.ctrl.pb.PeerState;
import io.postern.wire.ctrl.pb.PeerStateChange;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Link hello as stock routers write and answer it (sample 06a), without a stock router at hand. */
class LinkHelloTest {
    /** Headers of grouped Links, which stock dialers send; an answer without 9 makes them keep to one connection. */
    private static final int TYPE = 7;

    private static final int IS_GROUPED = 9;
    private static final int IS_FIRST = 11;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private RouterRig rig;
    private RouterNode node;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        rig = new RouterRig(folder);
        node = rig.node("ra", RouterRig.EDGE);
        session = rig.controller.router("ra");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private PendingHello heardFromTheRouter() throws Exception {
        CompletableFuture<PendingHello> heard = new CompletableFuture<>();
        ChannelServer peer = ChannelServer.bind(
                        ServerOptions.of(
                                rig.loops,
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                rig.controller.identity("rx")),
                        Map.of("ziti-link", hello -> {
                            heard.complete(hello);
                            CompletionStage<HelloAnswer> no = CompletableFuture.completedFuture(
                                    new HelloAnswer.Reject("seen enough", HelloAnswer.Reject.NOT_PERMITTED));
                            return no;
                        }))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        try {
            session.channel.send(body(
                    ContentType.PEER_STATE_CHANGE,
                    PeerStateChanges.newBuilder()
                            .addChanges(PeerStateChange.newBuilder()
                                    .setId("rx")
                                    .setVersion("v2.1.0-pre2")
                                    .setState(PeerState.Healthy)
                                    .addListeners(Listener.newBuilder()
                                            .setAddress("tls:127.0.0.1:" + peer.port())
                                            .setProtocol("tls")
                                            .addGroups("default")))
                            .build()));
            return heard.get(60, TimeUnit.SECONDS);
        } finally {
            peer.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aDialerSaysWhatAStockRouterAsksFor() throws Exception {
        PendingHello hello = heardFromTheRouter();
        String connection = hello.string(Header.LINK_CONNECTION_ID).orElseThrow();
        assertThat(UUID.fromString(connection)).hasToString(connection);
        assertThat(hello.string(Header.LINK_ROUTER_ID)).contains("ra");
        assertThat(hello.string(Header.LINK_ROUTER_VERSION))
                .hasValueSatisfying(version -> assertThat(version).matches("v\\d+\\.\\d+\\.\\d+.*"));
        assertThat(hello.headers()).containsKey(Header.LINK_BINDING);
        assertThat(hello.headers().get(Header.LINK_ITERATION)).containsExactly(1, 0, 0, 0);
        assertThat(hello.string(Header.LINK_DIALED_ROUTER_ID)).contains("rx");
        assertThat(hello.string(Header.LINK_ID)).contains(hello.body());
        assertThat(hello.body()).isNotEmpty();
        assertThat(hello.peerChain()).isNotEmpty();
        // it speaks of no group, and has no type byte of split Links: one connection for everything
        assertThat(hello.headers()).doesNotContainKeys(TYPE, IS_GROUPED, IS_FIRST, Header.LINK_TYPE);
    }

    private static FrameBuilder stockHello(String linkId, String dialedRouterId) {
        return FrameBuilder.of(ContentType.HELLO)
                .string(Header.LINK_CONNECTION_ID, "ce11461d-bd39-4706-9bf7-481667bcb25d")
                .string(Header.LINK_ROUTER_ID, "rx")
                .string(Header.LINK_ROUTER_VERSION, "v2.1.0-pre2")
                .string(Header.LINK_BINDING, "lo")
                .i32(Header.LINK_ITERATION, 1)
                .string(Header.LINK_DIALED_ROUTER_ID, dialedRouterId)
                .string(TYPE, "link.default")
                .bool(IS_GROUPED, true)
                .bool(IS_FIRST, true)
                .string(Header.LINK_ID, linkId)
                .body(linkId);
    }

    private CompletableFuture<Channel> dial(FrameBuilder hello) throws Exception {
        Listeners listeners = Listeners.parseFrom(session.hello.headers().get(Header.CTRL_LISTENERS));
        ChannelHandler deaf = new ChannelHandler() {
            @Override
            public void frame(Channel from, Frame frame) {
                frame.release();
            }

            @Override
            public void closed(Channel from, CloseCause cause) {}
        };
        return new ChannelDialer(rig.loops, TlsEngine.AUTO)
                .dial(
                        Address.parse(listeners.getListeners(0).getAddress()),
                        rig.controller.identity("rx"),
                        "ziti-link",
                        hello,
                        deaf,
                        ChannelOptions.LINK)
                .toCompletableFuture();
    }

    @Test
    void aStockDialerIsAnsweredByOneConnectionForEverything() throws Exception {
        String linkId = "7d615G84tmqWlwpzASqDeC";
        Channel channel = dial(stockHello(linkId, "ra")).get(60, TimeUnit.SECONDS);
        assertThat(channel.peerHello()).doesNotContainKey(IS_GROUPED);
        assertThat(new String(channel.peerHello().get(Header.ID))).isEqualTo("ra");
        await().atMost(SOON).until(() -> node.links().byId(linkId).isPresent());
        channel.close("test");
        await().atMost(SOON).until(() -> node.links().byId(linkId).isEmpty());
    }

    @Test
    void aHelloForAnotherRouterOrWithoutALinkIsRefused() throws Exception {
        for (FrameBuilder hello : new FrameBuilder[] {stockHello("link", "rz"), stockHello("", "ra")}) {
            CompletableFuture<Channel> refused = dial(hello);
            await().atMost(SOON).until(refused::isDone);
            assertThat(refused).isCompletedExceptionally();
        }
        assertThat(node.links().count()).isZero();
    }
}
