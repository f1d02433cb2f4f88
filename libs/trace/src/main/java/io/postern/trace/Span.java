package io.postern.trace;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a dial, over.
 *
 * @param stage which one; its id follows from it and the Circuit's
 * @param parent the stage that it is part of; null for the first
 * @param beganNanos reading of {@link System#nanoTime} when it began
 * @param endedNanos the same when it ended
 * @param attributes keys and values for people; no secret, nothing of a payload
 * @param error why it failed, or null
 */
public record Span(
        String circuitId,
        Stage stage,
        @Nullable Stage parent,
        long beganNanos,
        long endedNanos,
        Map<String, String> attributes,
        @Nullable String error) {

    public Span {
        attributes = Map.copyOf(attributes);
    }

    /** Who asks and who is asked. */
    public enum Kind {
        INTERNAL(1),
        SERVER(2),
        CLIENT(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /**
     * What happens, and where.
     *
     * @param at tells stages of one name apart: a router's id, say; empty where there is one only
     */
    public record Stage(String name, String at, Kind kind) {
        /** A client's dial, from its wish to the first byte that may be sent. */
        public static final Stage DIAL = new Stage("dial", "", Kind.CLIENT);

        /** The edge router's part: from Connect to its answer. */
        public static final Stage REQUEST = new Stage("dial.request", "", Kind.SERVER);

        /** The router's wait for a controller. */
        public static final Stage ASK = new Stage("circuit.ask", "", Kind.CLIENT);

        /** The controller's part, whole. */
        public static final Stage CREATE = new Stage("circuit.create", "", Kind.SERVER);

        /** May this identity dial this service by this router? */
        public static final Stage POLICY = new Stage("circuit.policy", "", Kind.INTERNAL);

        /** Which terminator, over which routers? */
        public static final Stage PATH = new Stage("circuit.path", "", Kind.INTERNAL);

        /** All routers have answered; the circuit is written and told. */
        public static final Stage CONFIRM = new Stage("circuit.confirm", "", Kind.INTERNAL);

        /** One router is told its part of the path, until it has answered. */
        public static Stage route(String routerId) {
            return new Stage("circuit.route", routerId, Kind.CLIENT);
        }

        /** A router carries out its part of the path. */
        public static Stage routed(String routerId) {
            return new Stage("router.route", routerId, Kind.SERVER);
        }

        /** The egress router reaches the terminator's host or target. */
        public static Stage terminator(String routerId) {
            return new Stage("terminator.dial", routerId, Kind.CLIENT);
        }
    }
}
