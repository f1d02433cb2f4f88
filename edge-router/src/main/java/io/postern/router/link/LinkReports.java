package io.postern.router.link;

import com.google.protobuf.Timestamp;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.LinkConn;
import io.postern.wire.ctrl.pb.LinkConnState;
import io.postern.wire.ctrl.pb.RouterLinks;
import io.postern.wire.metrics.pb.MetricsMessage;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What controllers are told about Links. Any thread. Fabric sheet 3.6, 4.1. */
final class LinkReports {
    private static final int MOST_PENDING = 1_000;

    private final Controllers controllers;
    private final String routerId;
    private final Clock clock;
    private final ArrayDeque<Fault> pending = new ArrayDeque<>();

    LinkReports(Controllers controllers, String routerId, Clock clock) {
        this.controllers = controllers;
        this.routerId = routerId;
        this.clock = clock;
    }

    /** Only the dialler of a Link reports it. */
    void links(List<ControlPeer> to, Collection<Link> links, boolean full) {
        RouterLinks.Builder report = RouterLinks.newBuilder().setFullRefresh(full);
        links.stream().filter(link -> link.dialled).forEach(link -> report.addLinks(row(link)));
        if (full || report.getLinksCount() > 0) {
            byte[] body = report.build().toByteArray();
            to.forEach(
                    peer -> peer.send(FrameBuilder.of(ContentType.ROUTER_LINKS).body(body)));
        }
    }

    private static RouterLinks.RouterLink row(Link link) {
        return RouterLinks.RouterLink.newBuilder()
                .setId(link.id)
                .setDestRouterId(link.routerId())
                .setLinkProtocol(link.key.protocol())
                .setDialAddress(link.dialAddress)
                .setIteration(link.iteration)
                .setConnState(LinkConnState.newBuilder()
                        .setStateIteration(1)
                        .addConns(LinkConn.newBuilder()
                                .setType("link.default")
                                .setLocalAddr(tcp(link.channel.localAddress()))
                                .setRemoteAddr(tcp(link.channel.remoteAddress()))))
                .build();
    }

    private static String tcp(InetSocketAddress address) {
        return "tcp:" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Kept until a controller is there to take it. */
    void fault(Link link, FaultSubject subject) {
        Fault fault = Fault.newBuilder()
                .setSubject(subject)
                .setId(link.id)
                .setIteration(link.iteration)
                .build();
        List<ControlPeer> peers = controllers.connectedPeers();
        peers.forEach(peer -> send(peer, fault));
        if (peers.isEmpty()) {
            synchronized (pending) {
                if (pending.size() >= MOST_PENDING) {
                    pending.remove();
                }
                pending.add(fault);
            }
        }
    }

    void sendPending(ControlPeer peer) {
        synchronized (pending) {
            pending.forEach(fault -> send(peer, fault));
            pending.clear();
        }
    }

    private static void send(ControlPeer peer, Fault fault) {
        peer.send(FrameBuilder.of(ContentType.FAULT).body(fault.toByteArray()));
    }

    void metrics(Collection<Link> links) {
        Instant now = clock.instant();
        MetricsMessage.Builder message = MetricsMessage.newBuilder()
                .setEventId(UUID.randomUUID().toString())
                .setSourceId(routerId)
                .setTimestamp(
                        Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()));
        for (Link link : links) {
            long[] latencies = link.latencies(link.channel.unanswered());
            if (latencies.length > 0) {
                message.putHistograms("link." + link.id + ".latency", histogram(latencies, link.samples()));
                message.putHistograms("link." + link.id + ".queue_time", histogram(new long[] {0}, 1));
            }
        }
        if (message.getHistogramsCount() > 0) {
            byte[] body = message.build().toByteArray();
            controllers
                    .connectedPeers()
                    .forEach(peer ->
                            peer.send(FrameBuilder.of(ContentType.METRICS).body(body)));
        }
    }

    private static MetricsMessage.Histogram histogram(long[] values, long count) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        double mean = Arrays.stream(sorted).average().orElse(0);
        double variance = Arrays.stream(sorted)
                .mapToDouble(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0);
        return MetricsMessage.Histogram.newBuilder()
                .setCount(count)
                .setMin(sorted[0])
                .setMax(sorted[sorted.length - 1])
                .setMean(mean)
                .setVariance(variance)
                .setStdDev(Math.sqrt(variance))
                .setP50(at(sorted, 0.5))
                .setP75(at(sorted, 0.75))
                .setP95(at(sorted, 0.95))
                .setP99(at(sorted, 0.99))
                .setP999(at(sorted, 0.999))
                .setP9999(at(sorted, 0.9999))
                .build();
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))];
    }
}
