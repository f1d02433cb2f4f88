package io.postern.wsproxy.hub;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides a shared terminal's size: the smallest common one of all who may type. Gives the engine at most one order at a
 * time and ten a second. Pure; times are nanoseconds.
 */
final class SizeArbiter {
    /** Between two orders. */
    static final long APART = 100_000_000;

    private final Map<Object, Size> wishes = new LinkedHashMap<>();
    private Optional<Size> ordered = Optional.empty();
    private boolean ready;
    private boolean busy;
    private long next;

    void wish(Object who, Size size) {
        wishes.put(who, size);
    }

    void gone(Object who) {
        wishes.remove(who);
    }

    /** The engine takes orders from now on. */
    void ready() {
        ready = true;
    }

    /** The last order was carried out, or not. */
    void done() {
        busy = false;
    }

    /** The size that should be. */
    Optional<Size> wanted() {
        return wishes.values().stream()
                .reduce((a, b) -> new Size(Math.min(a.columns(), b.columns()), Math.min(a.rows(), b.rows())));
    }

    /** The size that the terminal has, as far as orders go. */
    Optional<Size> current() {
        return ordered;
    }

    private boolean isDue() {
        return ready && !busy && wanted().isPresent() && !wanted().equals(ordered);
    }

    /** The order to give now; it counts as given. */
    Optional<Size> order(long now) {
        if (!isDue() || now - next < 0) {
            return Optional.empty();
        }
        busy = true;
        next = now + APART;
        ordered = wanted();
        return ordered;
    }

    /** How long until it is worth asking again; empty when something else has to happen first. */
    Optional<Long> waits(long now) {
        return isDue() ? Optional.of(Math.max(0, next - now)) : Optional.empty();
    }
}
