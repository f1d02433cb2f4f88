package io.postern.controller.channel;

import io.postern.controller.model.Entry;
import io.postern.transport.HelloAnswer.Reject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a router is let in. Pure. Only the leaf counts, and it has to be the enrolled one. Source: fabric sheet 0.6, 1.1.
 */
final class Admission {
    private Admission() {}

    /**
     * The connection a router has already.
     *
     * @param silent how long it has been since the router was heard on it
     * @param sameProcess the new hello has the secret that the old connection was given
     */
    record Standing(Duration age, Duration silent, boolean sameProcess) {}

    /**
     * @param chainRefusal why the leaf does not chain to the network's authority
     * @param fingerprint of the leaf
     * @param router null when there is no such router
     */
    static Optional<Reject> refusal(
            Optional<String> chainRefusal,
            String fingerprint,
            Entry.@Nullable Router router,
            Optional<Standing> standing,
            Duration churnLimit) {
        if (chainRefusal.isPresent()) {
            return notPermitted(chainRefusal.get());
        }
        if (router == null) {
            return notPermitted("unknown router");
        }
        if (router.fingerprint() == null) {
            return notPermitted("router is not enrolled");
        }
        if (!fingerprint.equals(router.fingerprint()) && !fingerprint.equals(router.pendingFingerprint())) {
            return notPermitted("certificate is not the enrolled one");
        }
        if (router.disabled()) {
            return notPermitted("router is disabled");
        }
        if (standing.filter(old -> isAlive(old, churnLimit)).isPresent()) {
            return Optional.of(new Reject(
                    "router has a control channel younger than " + churnLimit.toSeconds() + " s", Reject.BUSY));
        }
        return Optional.empty();
    }

    /** A young channel is kept unless its own process redials or has not been heard for a quarter of the limit. */
    private static boolean isAlive(Standing old, Duration churnLimit) {
        return !old.sameProcess()
                && old.age().compareTo(churnLimit) < 0
                && old.silent().compareTo(churnLimit.dividedBy(4)) < 0;
    }

    private static Optional<Reject> notPermitted(String text) {
        return Optional.of(new Reject(text, Reject.NOT_PERMITTED));
    }
}
