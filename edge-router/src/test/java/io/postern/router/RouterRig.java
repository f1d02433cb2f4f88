package io.postern.router;

import com.google.protobuf.MessageLite;
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
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.SubscribeToDataModelRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whole routers in one process, and the controller that they are told to dial. */
final class RouterRig implements AutoCloseable {
    static final String EDGE = """
            listeners:
              - binding: edge
                address: tls:127.0.0.1:0
                options: {advertise: "localhost:0"}
            """;

    final EventLoopGroup loops = new NioEventLoopGroup(2);
    final List<RouterNode> nodes = new ArrayList<>();
    final ScriptedController controller;
    Duration life = Duration.ofDays(60);
    private final Path folder;

    RouterRig(Path folder) throws Exception {
        this.folder = folder;
        this.controller = new ScriptedController(loops, "instance-1");
    }

    /** A router that runs; one that ran here before keeps its identity and what it wrote. */
    RouterNode node(String routerId, String listeners) throws Exception {
        RouterNode node = new RouterNode(config(routerId, listeners), loops).start();
        nodes.add(node);
        return node;
    }

    /** Of a router that has its certificates. */
    RouterConfig config(String routerId, String listeners) throws Exception {
        Path home = Files.createDirectories(folder.resolve(routerId));
        if (!Files.exists(home.resolve("key.pem"))) {
            TlsIdentity.Material material = controller.material(routerId, life);
            IdentityFile.writePrivate(home.resolve("key.pem"), Keys.toPem(material.key()));
            Files.writeString(home.resolve("cert.pem"), Certificates.toPem(material.clientChain()));
            Files.writeString(home.resolve("ca.pem"), Certificates.toPem(material.trust()));
        }
        String config = """
                v: 3
                identity: {cert: cert.pem, key: key.pem, ca: ca.pem}
                ctrl: {endpoint: "tls:127.0.0.1:%d"}
                link:
                  dialers: [{binding: transport}]
                  listeners: [{binding: transport, bind: "tls:127.0.0.1:0"}]
                """.formatted(controller.port()) + listeners;
        return RouterConfig.read(Files.writeString(home.resolve("router.yml"), config));
    }

    static FrameBuilder body(int contentType, MessageLite message) {
        return FrameBuilder.of(contentType).body(message.toByteArray());
    }

    /** Answers the subscription of a router; the id of that. */
    static String model(Session session, DataState state) throws Exception {
        String subscriptionId = SubscribeToDataModelRequest.parseFrom(
                        session.next(ContentType.SUBSCRIBE_TO_DATA_MODEL).bodyBytes())
                .getSubscriptionId();
        session.channel.send(
                body(ContentType.DATA_STATE, state).string(Header.DATA_MODEL_SUBSCRIPTION_ID, subscriptionId));
        return subscriptionId;
    }

    @Override
    public void close() {
        nodes.forEach(RouterNode::close);
        controller.close();
        loops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(5_000);
    }
}
