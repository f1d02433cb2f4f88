package io.postern.fabric.forward;

/**
 * One entry of a Route: what comes from here goes there.
 *
 * @param source address of an end on this router, or id of a Link
 * @param destination likewise
 */
public record Forward(String source, String destination, Kind kind) {
    /** What the destination is; numbered as in the Route message. Fabric sheet 1.4. */
    public enum Kind {
        START,
        END,
        LINK;

        /** An unknown number is taken for a Link, as which it will not be found. */
        public static Kind of(int number) {
            return number >= 0 && number < values().length ? values()[number] : LINK;
        }
    }
}
