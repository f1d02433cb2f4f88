package io.postern.router;

import io.postern.router.ctrl.ControlPeer;
import io.postern.transport.Address;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.ClientHello;
import io.postern.wire.edgectrl.pb.Listener;
import java.util.List;
import java.util.function.LongSupplier;

/** Answers a controller's ServerHello with the addresses under which SDKs reach this router. Fabric sheet 1.5. */
final class EdgeHello {
    /** Where we listen, and what clients are told. */
    record Advertised(Address bind, Address advertise) {}

    private final List<Advertised> listeners;
    private final LongSupplier modelIndex;

    EdgeHello(List<Advertised> listeners, LongSupplier modelIndex) {
        this.listeners = List.copyOf(listeners);
        this.modelIndex = modelIndex;
    }

    void serverHello(ControlPeer from, Frame frame) {
        from.send(FrameBuilder.reply(ContentType.CLIENT_HELLO, frame)
                .bool(Header.EDGE_HELLO, true)
                .u64(Header.DATA_MODEL_INDEX, modelIndex.getAsLong())
                .body(hello().toByteArray()));
        frame.release();
    }

    private ClientHello hello() {
        ClientHello.Builder hello = ClientHello.newBuilder().setVersion(RouterVersion.NUMBER);
        for (Advertised listener : listeners) {
            if (hello.getListenersCount() == 0) {
                hello.setHostname(listener.advertise.host());
            }
            hello.addProtocols("tls")
                    .addProtocolPorts(String.valueOf(listener.advertise.port()))
                    .addListeners(Listener.newBuilder()
                            .setAddress(address(listener.bind, listener.bind.toString()))
                            .setAdvertise(address(
                                    listener.advertise, listener.advertise.host() + ":" + listener.advertise.port())));
        }
        return hello.build();
    }

    private static io.postern.wire.edgectrl.pb.Address address(Address address, String value) {
        return io.postern.wire.edgectrl.pb.Address.newBuilder()
                .setValue(value)
                .setProtocol("tls")
                .setHostname(address.host())
                .setPort(address.port())
                .build();
    }
}
