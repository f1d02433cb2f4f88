package io.postern.router;

import io.netty.channel.EventLoopGroup;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.router.circuit.CircuitCounters;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.circuit.Circuits;
import io.postern.router.config.RouterConfig;
import io.postern.router.ctrl.Controllers;
import io.postern.router.edge.EdgeCounters;
import io.postern.router.edge.EdgeListener;
import io.postern.router.edge.EdgeSettings;
import io.postern.router.link.LinkTable;
import io.postern.router.link.LinkTraffic;
import io.postern.router.model.ModelView;
import io.postern.router.tunnel.TunnelSettings;
import io.postern.router.tunnel.Tunneler;
import io.postern.transport.ChannelAcceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

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

    /** A feature that runs. */
    interface Started {
        void close();

        default List<Measure> measures() {
            return List.of();
        }

        /** Takes nobody new any more; what is there goes on. Any thread, once. */
        default void drain() {}
    }

    interface Circuit extends Started {
        /** Circuits that have an end here or pass through. */
        int count();

        CircuitHost host();

        LinkTraffic traffic();
    }

    interface Edge extends Started {
        ChannelAcceptor acceptor();
    }

    static Circuit circuits(Context context) {
        RouterConfig.Forwarder forwarder = context.config.forwarder();
        Circuits circuits = new Circuits(
                context.controllers,
                context.links,
                context.loops,
                XgressOptions.DEFAULT,
                new Circuits.Intervals(
                        forwarder.faultInterval(), forwarder.idleInterval(), forwarder.idleCircuitTimeout()));
        return new Circuit() {
            @Override
            public CircuitHost host() {
                return circuits;
            }

            @Override
            public LinkTraffic traffic() {
                return circuits;
            }

            @Override
            public int count() {
                return circuits.circuitCount();
            }

            @Override
            public void close() {
                circuits.close();
            }

            @Override
            public List<Measure> measures() {
                return circuitMeasures(circuits);
            }
        };
    }

    private static List<Measure> circuitMeasures(Circuits circuits) {
        CircuitCounters seen = circuits.counters();
        List<Measure> all = new ArrayList<>(List.of(
                Measure.gauge("postern.circuits", circuits::circuitCount),
                Measure.gauge("postern.circuit.ends", circuits::endCount),
                Measure.counter("postern.circuit.ended", seen.ended::sum),
                Measure.counter("postern.xgress.sent.bytes", seen.sentBytes::sum),
                Measure.counter("postern.xgress.received.bytes", seen.receivedBytes::sum),
                Measure.counter("postern.xgress.retransmitted", seen.retransmitted::sum),
                Measure.counter("postern.xgress.duplicates", seen.duplicates::sum),
                Measure.counter("postern.xgress.unroutable", seen.unroutable::sum),
                Measure.counter("postern.xgress.malformed", seen.malformed::sum),
                Measure.counter("postern.transit.bytes", seen.transitBytes::sum),
                Measure.counter("postern.transit.dropped", seen.transitDropped::sum)));
        all.addAll(Measure.counters("postern.circuit.refused", seen.refused));
        return all;
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
            public void drain() {
                listener.drain();
            }

            @Override
            public List<Measure> measures() {
                EdgeCounters seen = listener.counters();
                List<Measure> all = new ArrayList<>(List.of(
                        Measure.gauge("postern.channels", listener::connected).labelled("kind", "edge"),
                        Measure.gauge("postern.connections", seen::connections),
                        Measure.counter("postern.connection.opened", seen.opened::sum),
                        Measure.timing("postern.dial", seen.dialed::sum, seen.dialNanos::sum)));
                all.addAll(Measure.counters("postern.dial.refused", seen.refused));
                return all;
            }
        };
    }

    /** Features that hang on the circuits: the embedded tunneler, when a listener asks for it. */
    static List<Started> others(Context context, CircuitHost circuits) {
        return context.config.listeners().stream()
                .filter(listener -> listener.binding().equals(Tunneler.BINDING))
                .findFirst()
                .map(listener -> List.of(tunneler(context, circuits, TunnelSettings.read(listener.options()))))
                .orElse(List.of());
    }

    private static Started tunneler(Context context, CircuitHost circuits, TunnelSettings settings) {
        Tunneler tunneler = new Tunneler(
                context.routerId,
                context.controllers,
                context.model,
                circuits,
                context.loops,
                context.background,
                settings);
        return new Started() {
            @Override
            public void close() {
                tunneler.close();
            }

            @Override
            public List<Measure> measures() {
                return List.of(Measure.gauge("postern.tunnel.terminators", tunneler::hosted));
            }
        };
    }
}
