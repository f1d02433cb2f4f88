package io.postern.router.circuit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.fabric.xgress.XgressEngine;
import io.postern.fabric.xgress.XgressOptions;
import io.postern.router.ctrl.Controllers;
import io.postern.router.link.LinkTable;
import io.postern.router.link.LinkTraffic;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.MalformedFrame;
import io.postern.wire.xgress.Control;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * All Circuits of this router. A Circuit lives on while its controller is away: only an Unroute, its ends or a bound end
 * it. Made once, before the control channels are dialled; any thread.
 */
public final class Circuits implements CircuitHost, LinkTraffic, AutoCloseable {
    /** An Unroute that leaves time waits for this much silence. */
    private static final long QUIET = TimeUnit.SECONDS.toNanos(5);

    /**
     * How often controllers are told what. Fabric sheet 4.4, 4.5.
     *
     * @param faults of Circuits that are not known here
     * @param idle of Circuits that are idle
     * @param idleAfter how long a Circuit forwards nothing before it counts as idle
     */
    public record Intervals(Duration faults, Duration idle, Duration idleAfter) {
        public static final Intervals DEFAULT =
                new Intervals(Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    private final CircuitPaths paths;
    private final CircuitFaults faults;
    private final RouteHandler routes;
    private final Map<String, EgressDialer> dialers = new ConcurrentHashMap<>();
    private final XgressOptions options;
    private final List<ScheduledFuture<?>> chores = new ArrayList<>();

    public Circuits(
            Controllers controllers,
            LinkTable links,
            EventLoopGroup loops,
            XgressOptions options,
            Intervals intervals) {
        this.options = options;
        this.paths = new CircuitPaths(links);
        this.faults = new CircuitFaults(controllers, paths);
        this.routes = new RouteHandler(paths, links, dialers, loops::next, options, faults::ended);
        controllers.on(ContentType.ROUTE, routes::route);
        controllers.on(ContentType.UNROUTE, routes::unroute);
        controllers.on(ContentType.VALIDATE_TERMINATORS_V2, new TerminatorValidation(dialers)::validate);
        EventLoop loop = loops.next();
        every(loop, Duration.ofSeconds(1), () -> routes.sweep(QUIET, System.nanoTime()));
        every(loop, intervals.faults(), this::report);
        every(
                loop,
                intervals.idle(),
                () -> faults.confirmIdle(intervals.idleAfter().toNanos(), System.nanoTime()));
    }

    private void every(EventLoop loop, Duration interval, Runnable chore) {
        chores.add(loop.scheduleWithFixedDelay(chore, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void report() {
        faults.reportUnknown();
        paths.forgetRemoved();
    }

    @Override
    public void received(String linkId, Frame frame) {
        AsciiString circuitId;
        try {
            circuitId = circuitOf(frame);
        } catch (MalformedFrame e) {
            paths.counters.malformed.increment();
            frame.release();
            throw e;
        }
        paths.received(linkId, circuitId, frame);
    }

    private static AsciiString circuitOf(Frame frame) {
        if (frame.contentType() == ContentType.XG_CONTROL) {
            return Control.read(frame).circuitId();
        }
        AsciiString circuitId = frame.ascii(Header.XGRESS_CIRCUIT_ID);
        if (circuitId == null) {
            throw new MalformedFrame("xgress frame of type " + frame.contentType() + " without circuit id");
        }
        return circuitId;
    }

    @Override
    public void writable(String linkId, boolean writable) {
        if (writable) {
            paths.wake(linkId);
        }
    }

    @Override
    public void up(String linkId, io.postern.transport.Channel channel) {
        paths.wake(linkId);
    }

    @Override
    public void egress(String binding, EgressDialer dialer) {
        dialers.put(binding, dialer);
    }

    @Override
    public XgressEnd initiate(
            String circuitId,
            String ingressAddress,
            EventLoop loop,
            Map<String, String> tags,
            Function<XgressEnd, XgressSink> sink) {
        AsciiString id = AsciiString.cached(circuitId);
        XgressEngine engine =
                XgressEngine.initiator(id, options, ThreadLocalRandom.current().nextLong());
        CircuitEnd end = new CircuitEnd(id, ingressAddress, loop, engine, null, paths, faults::ended);
        paths.add(end);
        if (loop.inEventLoop()) {
            end.begin(sink);
        } else {
            loop.execute(() -> end.begin(sink));
        }
        return end;
    }

    public CircuitCounters counters() {
        return paths.counters;
    }

    /** Circuits routed through this router. */
    public int circuitCount() {
        return paths.table.size();
    }

    /** Ends of Circuits on this router. */
    public int endCount() {
        return paths.endCount();
    }

    /** Gives up every end here. */
    @Override
    public void close() {
        chores.forEach(chore -> chore.cancel(false));
        paths.allEnds().forEach(end -> end.abort("router is stopping"));
    }
}
