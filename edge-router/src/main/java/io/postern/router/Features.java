package io.postern.router;

import io.netty.channel.EventLoopGroup;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.circuit.EgressDialer;
import io.postern.router.circuit.XgressEnd;
import io.postern.router.circuit.XgressSink;
import io.postern.router.config.RouterConfig;
import io.postern.router.ctrl.Controllers;
import io.postern.router.edge.EdgeListener;
import io.postern.router.edge.EdgeSettings;
import io.postern.router.link.LinkTable;
import io.postern.router.link.LinkTraffic;
import io.postern.router.model.ModelView;
import io.postern.transport.ChannelAcceptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Where the features of the router are joined to it: each gets the same context, and is closed with the node. */
final class Features {
    private Features() {}

    /** What a feature may use. */
    record Context(
            String routerId,
            RouterConfig config,
            EventLoopGroup loops,
            Controllers controllers,
            ModelView model,
            LinkTable links,
            ScheduledExecutorService background) {}

    record Gauge(String name, LongSupplier value) {}

    /** A feature that runs. */
    interface Started {
        void close();

        default List<Gauge> gauges() {
            return List.of();
        }
    }

    interface Circuit extends Started {
        CircuitHost host();

        LinkTraffic traffic();
    }

    interface Edge extends Started {
        ChannelAcceptor acceptor();
    }

    static Circuit circuits(Context context) {
        return new NoCircuits();
    }

    static Edge edge(Context context, CircuitHost circuits) {
        EdgeListener listener =
                new EdgeListener(context.controllers, context.model, circuits, context.loops, EdgeSettings.DEFAULT);
        return new Edge() {
            @Override
            public ChannelAcceptor acceptor() {
                return listener;
            }

            @Override
            public void close() {
                listener.close("router stops");
            }

            @Override
            public List<Gauge> gauges() {
                return List.of(new Gauge("postern.channels.edge", listener::connected));
            }
        };
    }

    /** Features that hang on the circuits: the embedded tunneler. */
    static List<Started> others(Context context, CircuitHost circuits) {
        return List.of();
    }

    /** Until circuits are here: what Links carry is dropped. */
    private static final class NoCircuits implements Circuit, CircuitHost {
        @Override
        public void egress(String binding, EgressDialer dialer) {}

        @Override
        public XgressEnd initiate(
                String circuitId,
                String ingressAddress,
                io.netty.channel.EventLoop loop,
                Map<String, String> tags,
                Function<XgressEnd, XgressSink> sink) {
            throw new IllegalStateException("no circuits yet");
        }

        @Override
        public CircuitHost host() {
            return this;
        }

        @Override
        public LinkTraffic traffic() {
            return (linkId, frame) -> frame.release();
        }

        @Override
        public void close() {}
    }
}
