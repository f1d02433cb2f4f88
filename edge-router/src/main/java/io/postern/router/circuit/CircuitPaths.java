package io.postern.router.circuit;

import io.netty.util.AsciiString;
import io.postern.fabric.forward.Forward;
import io.postern.fabric.forward.ForwardingTable;
import io.postern.fabric.forward.UnknownCircuits;
import io.postern.router.link.LinkTable;
import io.postern.transport.Channel;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.xgress.XgressMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way of each frame through this router: Link to Link without a look at its body, Link to end, end to Link, end to
 * end. Any thread. Local senders wait for a Link that has too much to write; what only passes is dropped when twice as
 * much waits as would ever make sense, and repaired by the ends.
 */
final class CircuitPaths {
    /** What may wait on a Link before payloads that pass are dropped. */
    private static final long TRANSIT_QUEUE = 4L * 1024 * 1024;
    /** Acknowledgements are small and worth more than the payloads they stand for. */
    private static final long TRANSIT_QUEUE_ACK = 2 * TRANSIT_QUEUE;

    private static final long REMEMBERED = 60_000_000_000L;
    private static final int MOST_CIRCUITS = 1_000_000;
    private static final int MOST_REMEMBERED = 100_000;

    final ForwardingTable table = new ForwardingTable(MOST_CIRCUITS);
    final UnknownCircuits unknown = new UnknownCircuits();
    final CircuitCounters counters = new CircuitCounters();
    private final Map<String, CircuitEnd> ends = new ConcurrentHashMap<>();
    private final Map<String, Queue<CircuitEnd>> waiting = new ConcurrentHashMap<>();
    /** Circuits removed a short while ago: their last frames are nothing to report. */
    private final Map<AsciiString, Long> removed = new ConcurrentHashMap<>();

    private final LinkTable links;

    CircuitPaths(LinkTable links) {
        this.links = links;
    }

    /** From a Link; takes the frame. */
    void received(String linkId, AsciiString circuitId, Frame frame) {
        Forward forward = table.next(circuitId, linkId, System.nanoTime());
        if (forward == null) {
            lost(circuitId, frame);
        } else if (forward.kind() == Forward.Kind.LINK) {
            pass(circuitId, forward.destination(), frame);
        } else {
            CircuitEnd end = ends.get(forward.destination());
            if (end == null) {
                lost(circuitId, frame);
            } else {
                end.arrived(frame);
            }
        }
    }

    private void lost(AsciiString circuitId, Frame frame) {
        frame.release();
        counters.unroutable.increment();
        if (!removed.containsKey(circuitId)) {
            unknown.add(circuitId, "");
        }
    }

    private void pass(AsciiString circuitId, String linkId, Frame frame) {
        Channel out = links.byId(linkId).orElse(null);
        if (out == null) {
            lost(circuitId, frame);
            return;
        }
        long most = frame.contentType() == ContentType.XG_PAYLOAD ? TRANSIT_QUEUE : TRANSIT_QUEUE_ACK;
        if (out.pendingBytes() > most) {
            counters.transitDropped.increment();
            frame.release();
            return;
        }
        counters.transitFrames.increment();
        counters.transitBytes.add(frame.bodyLength());
        out.forward(frame);
    }

    /** Where what an end sends goes now, or null while there is no way. */
    @Nullable
    Forward from(CircuitEnd end, long now) {
        return table.next(end.id(), end.address(), now);
    }

    /** Whether payloads may be sent that way now. When not, the end is woken when they may. */
    boolean takes(Forward forward, CircuitEnd end) {
        if (forward.kind() != Forward.Kind.LINK) {
            return ends.containsKey(forward.destination());
        }
        if (open(forward.destination())) {
            return true;
        }
        if (end.waitsFor(forward.destination())) {
            waiting.computeIfAbsent(forward.destination(), id -> new ConcurrentLinkedQueue<>())
                    .add(end);
        }
        if (!open(forward.destination())) {
            return false;
        }
        wake(forward.destination());
        return true;
    }

    private boolean open(String linkId) {
        Channel channel = links.byId(linkId).orElse(null);
        return channel != null && channel.isWritable();
    }

    /** Sends or drops; takes the message. */
    void send(Forward forward, XgressMessage message) {
        if (forward.kind() == Forward.Kind.LINK) {
            Channel out = links.byId(forward.destination()).orElse(null);
            if (out == null) {
                message.release();
            } else {
                out.send(message.frame());
            }
            return;
        }
        CircuitEnd end = ends.get(forward.destination());
        if (end == null) {
            message.release();
        } else {
            end.arrived(message);
        }
    }

    /** Lets those go on that waited for a Link; each asks again for its share. */
    void wake(String linkId) {
        Queue<CircuitEnd> queue = waiting.get(linkId);
        if (queue != null) {
            for (CircuitEnd end = queue.poll(); end != null; end = queue.poll()) {
                end.wake(linkId);
            }
        }
    }

    void add(CircuitEnd end) {
        ends.put(end.address(), end);
        counters.opened.increment();
    }

    @Nullable
    CircuitEnd end(String address) {
        return ends.get(address);
    }

    void remove(CircuitEnd end) {
        ends.remove(end.address(), end);
    }

    /** Ends of a Circuit on this router. */
    List<CircuitEnd> ends(AsciiString circuitId) {
        List<CircuitEnd> found = new ArrayList<>(2);
        for (Forward forward : table.forwards(circuitId)) {
            CircuitEnd end = forward.kind() == Forward.Kind.LINK ? null : ends.get(forward.destination());
            if (end != null) {
                found.add(end);
            }
        }
        return found;
    }

    Iterable<CircuitEnd> allEnds() {
        return ends.values();
    }

    int endCount() {
        return ends.size();
    }

    /** Forgets a Circuit and gives up its ends here. */
    void drop(AsciiString circuitId, String why) {
        List<CircuitEnd> local = ends(circuitId);
        if (table.remove(circuitId) && removed.size() < MOST_REMEMBERED) {
            removed.put(circuitId, System.nanoTime());
        }
        local.forEach(end -> end.abort(why));
    }

    void forgetRemoved() {
        long before = System.nanoTime() - REMEMBERED;
        removed.values().removeIf(at -> at - before < 0);
    }
}
