package io.postern.fabric.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one router has to do for a circuit.
 *
 * @param egress where to dial, on the last router of a new circuit only
 */
public record RouterRoute(
        String routerId, List<Forward> forwards, @Nullable Egress egress) {
    public RouterRoute {
        forwards = List.copyOf(forwards);
    }

    /** What arrives from one address goes to another. */
    public record Forward(String source, String destination, End destinationType) {}

    /** What stands at a destination; the order is the wire's numbering. */
    public enum End {
        START,
        END,
        LINK
    }

    /** The terminator to dial and the address its xgress gets. */
    public record Egress(String binding, String address, String destination) {}
}
