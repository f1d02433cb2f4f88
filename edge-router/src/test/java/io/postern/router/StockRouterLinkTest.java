package io.postern.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.client.IdentityFile;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.router.ScriptedController.Session;
import io.postern.router.config.RouterConfig;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.Listeners;
import io.postern.wire.ctrl.pb.PeerState;
import io.postern.wire.ctrl.pb.PeerStateChange;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import io.postern.wire.ctrl.pb.RouterLinks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** A Link between our router and a stock one, dialled by either, under a scripted controller. */
@EnabledIfEnvironmentVariable(named = "POSTERN_STOCK_ZITI", matches = ".+")
class StockRouterLinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private ScriptedController controller;
    private RouterNode ours;
    private Process stock;

    @BeforeEach
    void start() throws Exception {
        controller = new ScriptedController(loops, "instance-1");
        ours = new RouterNode(RouterConfig.read(home("ours", 0, 0)), loops).start();
        Path config = home("stock", free(), free());
        stock = new ProcessBuilder(System.getenv("POSTERN_STOCK_ZITI"), "router", "run", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of(System.getProperty("java.io.tmpdir"), "stock-router.log")
                        .toFile())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        stock.destroy();
        stock.waitFor(5, TimeUnit.SECONDS);
        ours.close();
        controller.close();
        loops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(5_000);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path home(String routerId, int linkPort, int edgePort) throws IOException {
        Path home = Files.createDirectories(folder.resolve(routerId));
        TlsIdentity.Material material = controller.material(routerId);
        IdentityFile.writePrivate(home.resolve("key.pem"), Keys.toPem(material.key()));
        Files.writeString(home.resolve("cert.pem"), Certificates.toPem(material.clientChain()));
        Files.writeString(home.resolve("ca.pem"), Certificates.toPem(material.trust()));
        return Files.writeString(
                home.resolve("router.yml"), """
                v: 3
                identity: {cert: %1$s/cert.pem, server_cert: %1$s/cert.pem, key: %1$s/key.pem, ca: %1$s/ca.pem}
                ctrl: {endpoint: "tls:127.0.0.1:%2$d"}
                link:
                  dialers: [{binding: transport}]
                  listeners: [{binding: transport, bind: "tls:127.0.0.1:%3$d", advertise: "tls:127.0.0.1:%3$d"}]
                listeners:
                  - binding: edge
                    address: tls:127.0.0.1:%4$d
                    options: {advertise: "localhost:%4$d"}
                edge: {csr: {country: US, province: NC, locality: C, organization: O, organizationalUnit: U, sans: {dns: [localhost], ip: ["127.0.0.1"]}}}
                """.formatted(home, controller.port(), linkPort, edgePort));
    }

    private static void tell(Session router, Session ofPeer) throws Exception {
        Listeners listeners = Listeners.parseFrom(ofPeer.hello.headers().get(Header.CTRL_LISTENERS));
        PeerStateChanges changes = PeerStateChanges.newBuilder()
                .addChanges(PeerStateChange.newBuilder()
                        .setId(ofPeer.hello.body())
                        .setVersion("v2.1.0")
                        .setState(PeerState.Healthy)
                        .addAllListeners(listeners.getListenersList()))
                .build();
        router.channel.send(FrameBuilder.of(ContentType.PEER_STATE_CHANGE).body(changes.toByteArray()));
    }

    private static RouterLinks.RouterLink reported(Session by) throws Exception {
        return RouterLinks.parseFrom(by.next(ContentType.ROUTER_LINKS, frame -> {
                            try {
                                return RouterLinks.parseFrom(frame.bodyBytes()).getLinksCount() > 0;
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .bodyBytes())
                .getLinks(0);
    }

    @Test
    void weDialTheStockRouter() throws Exception {
        Session our = controller.router("ours");
        Session their = controller.router("stock");
        tell(our, their);
        RouterLinks.RouterLink link = reported(our);
        assertThat(link.getDestRouterId()).isEqualTo("stock");
        our.next(ContentType.METRICS);
        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(8))
                .until(() -> ours.links().active() == 1);
    }

    @Test
    void theStockRouterDialsUs() throws Exception {
        Session our = controller.router("ours");
        Session their = controller.router("stock");
        tell(their, our);
        RouterLinks.RouterLink link = reported(their);
        assertThat(link.getDestRouterId()).isEqualTo("ours");
        await().atMost(PATIENCE).until(() -> ours.links().byId(link.getId()).isPresent());
        our.next(ContentType.METRICS);
        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(8))
                .until(() -> ours.links().count() == 1);
    }
}
