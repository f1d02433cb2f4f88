package io.postern.router.tunnel;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.postern.client.crypto.KeyExchange;
import io.postern.client.hosting.AppData;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.ctrl.Controllers;
import io.postern.router.model.ModelView;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Request;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Response;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes plain connections for one service and carries each over a Circuit of its own. */
final class TunnelProxy extends ChannelInitializer<Channel> {
    private static final Logger LOG = Logger.getLogger(Tunneler.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String routerId;
    private final String serviceName;
    private final Controllers controllers;
    private final ModelView model;
    private final CircuitHost circuits;

    TunnelProxy(String routerId, String serviceName, Controllers controllers, ModelView model, CircuitHost circuits) {
        this.routerId = routerId;
        this.serviceName = serviceName;
        this.controllers = controllers;
        this.model = model;
        this.circuits = circuits;
    }

    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    protected void initChannel(Channel socket) {
        ModelView.Service service = model.serviceByName(serviceName).orElse(null);
        if (service == null) {
            refuse(socket, "there is no such service");
            return;
        }
        ModelView.Decision decision = model.mayDial(routerId, service.id());
        if (!decision.allowed()) {
            refuse(socket, decision.why());
            return;
        }
        SocketBridge bridge = new SocketBridge(socket);
        socket.pipeline().addLast(bridge);
        KeyExchange keys = service.encryptionRequired() ? KeyExchange.create() : null;
        byte[] request = request(socket, keys).toByteArray();
        controllers
                .ask(() -> FrameBuilder.of(ContentType.CREATE_TUNNEL_CIRCUIT_V2).body(request), TIMEOUT)
                .whenComplete((frame, failure) -> {
                    if (frame == null) {
                        refuse(socket, String.valueOf(failure.getMessage()));
                        return;
                    }
                    try {
                        answered(bridge, keys, frame);
                    } finally {
                        frame.release();
                    }
                });
    }

    private void refuse(Channel socket, String why) {
        LOG.infof("tunnel.refused service=%s why=%s", serviceName, why);
        socket.config().setOption(ChannelOption.SO_LINGER, 0);
        socket.close();
    }

    private CreateTunnelCircuitV2Request request(Channel socket, @Nullable KeyExchange keys) {
        InetSocketAddress local = (InetSocketAddress) socket.localAddress();
        String source = new String(TunnelHost.text(socket.remoteAddress()), java.nio.charset.StandardCharsets.UTF_8);
        CreateTunnelCircuitV2Request.Builder request = CreateTunnelCircuitV2Request.newBuilder()
                .setServiceName(serviceName)
                .putPeerData(
                        Header.APP_DATA,
                        ByteString.copyFrom(
                                AppData.write(local.getAddress().getHostAddress(), local.getPort(), source)))
                .putPeerData(Header.INITIATOR_LOCAL_ADDRESS, ByteString.copyFrom(TunnelHost.text(local)))
                .putPeerData(Header.INITIATOR_REMOTE_ADDRESS, ByteString.copyFromUtf8(source))
                .putPeerData(BodySize.KEY, ByteString.copyFrom(BodySize.announce()));
        if (keys != null) {
            request.putPeerData(Header.PUBLIC_KEY, ByteString.copyFrom(keys.publicKey()));
        }
        return request.build();
    }

    private void answered(SocketBridge bridge, @Nullable KeyExchange keys, Frame frame) {
        if (frame.contentType() != ContentType.CREATE_TUNNEL_CIRCUIT_V2_RESPONSE) {
            refuse(bridge.socket(), frame.bodyText());
            return;
        }
        try {
            CreateTunnelCircuitV2Response circuit = CreateTunnelCircuitV2Response.parseFrom(frame.bodyBytes());
            Map<Integer, byte[]> peerData = new HashMap<>();
            circuit.getPeerDataMap().forEach((key, value) -> peerData.put(key, value.toByteArray()));
            bridge.socket().eventLoop().execute(() -> join(bridge, keys, circuit, peerData));
        } catch (InvalidProtocolBufferException e) {
            refuse(bridge.socket(), "the controller's answer is malformed");
        }
    }

    private void join(
            SocketBridge bridge,
            @Nullable KeyExchange keys,
            CreateTunnelCircuitV2Response circuit,
            Map<Integer, byte[]> peerData) {
        Channel socket = bridge.socket();
        Sealing sealing = null;
        if (keys != null) {
            byte[] host = peerData.get(Header.PUBLIC_KEY);
            if (host == null) {
                refuse(socket, "the service wants encryption and the host sent no key");
                // the circuit stands and nobody else will end it
                circuits.initiate(
                                circuit.getCircuitId(),
                                circuit.getAddress(),
                                socket.eventLoop(),
                                circuit.getTagsMap(),
                                end -> bridge.attach(end, null))
                        .close();
                return;
            }
            sealing = new Sealing(keys.client(host));
        }
        Sealing seal = sealing;
        socket.config()
                .setRecvByteBufAllocator(PlainSockets.reads(BodySize.towards(peerData) - (seal == null ? 0 : 64)));
        circuits.initiate(
                circuit.getCircuitId(),
                circuit.getAddress(),
                socket.eventLoop(),
                circuit.getTagsMap(),
                end -> bridge.attach(end, seal));
        LOG.infof("tunnel.proxied circuitId=%s service=%s", circuit.getCircuitId(), serviceName);
    }
}
