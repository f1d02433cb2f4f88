package io.postern.controller.channel;

import io.postern.controller.replica.Replicas;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.ClientHello;
import io.postern.wire.edgectrl.pb.ServerHello;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Asks a router where SDKs reach it. Nobody waits for the answer. Source: fabric sheet 1.5. */
@Singleton
public class EdgeHellos implements ControlFeature {
    private static final Logger LOG = Logger.getLogger(EdgeHellos.class);

    private final ControllerSelf self;
    private final Replicas replicas;

    EdgeHellos(ControllerSelf self, Replicas replicas) {
        this.self = self;
        this.replicas = replicas;
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(ContentType.CLIENT_HELLO, ClientHello.parser(), this::answered);
    }

    @Override
    public void connected(RouterConnection router) {
        ServerHello hello = ServerHello.newBuilder()
                .setVersion(self.version())
                .putData("instant", "true")
                .putData("routerModel", "true")
                .build();
        router.send(FrameBuilder.of(ContentType.SERVER_HELLO)
                .bool(Header.EDGE_HELLO, true)
                .body(hello.toByteArray()));
    }

    private void answered(Incoming<ClientHello> hello) {
        EdgePresence edge = EdgePresence.of(hello.message());
        hello.from().edge(edge);
        replicas.routersChanged();
        LOG.infof("router.edge %s supportedProtocols=%s", hello.from(), edge.supportedProtocols());
    }
}
