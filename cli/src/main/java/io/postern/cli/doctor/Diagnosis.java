package io.postern.cli.doctor;

import io.postern.cli.Shell;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What measurements mean. */
final class Diagnosis {
    private static final Duration SKEW_WARNING = Duration.ofSeconds(30);
    private static final Duration SKEW_ILL = Duration.ofMinutes(5);
    private static final Duration EXPIRY_WARNING = Duration.ofDays(14);

    private Diagnosis() {}

    /** @param theirs the controller's time when it was {@code ours} here */
    static Finding clock(Instant ours, Instant theirs) {
        Duration skew = Duration.between(theirs, ours);
        Duration size = skew.abs();
        String words = "this clock is " + size.toSeconds() + " s " + (skew.isNegative() ? "behind" : "ahead of")
                + " the controller's";
        String mend = "timedatectl set-ntp true (here and at the controller)";
        if (size.compareTo(SKEW_ILL) > 0) {
            return Finding.ill("clock", words + ": tokens and certificates look not yet or no longer valid", mend);
        }
        return size.compareTo(SKEW_WARNING) > 0
                ? Finding.warning("clock", words, mend)
                : Finding.well("clock", "within " + Math.max(1, size.toSeconds()) + " s of the controller's");
    }

    /** @param trust what the network's certificates must chain to; @param why the chain does not, or null */
    static Finding chain(String check, List<X509Certificate> shown, @Nullable String why, String name, Instant now) {
        if (shown.isEmpty()) {
            return Finding.ill(check, "no certificate is shown", "is it the controller that answers there?");
        }
        Optional<Finding> old = expiry(check, shown.getFirst(), now, "restart it: it makes a new certificate");
        if (old.isPresent() && old.get().verdict() == Finding.Verdict.ILL) {
            return old.get();
        }
        if (why != null) {
            return Finding.ill(
                    check,
                    "the certificate of " + name + " is not trusted: " + why,
                    "postern login URL (compare the fingerprint), or use the CA of the right network");
        }
        return old.orElseGet(() -> Finding.well(
                check, "trusted, valid until " + shown.getFirst().getNotAfter().toInstant()));
    }

    /** Nothing where the certificate is good for a while. */
    static Optional<Finding> expiry(String check, X509Certificate certificate, Instant now, String mend) {
        Instant end = certificate.getNotAfter().toInstant();
        Instant begin = certificate.getNotBefore().toInstant();
        if (now.isAfter(end)) {
            return Optional.of(Finding.ill(check, "the certificate expired at " + end, mend));
        }
        if (now.isBefore(begin)) {
            return Optional.of(Finding.ill(
                    check, "the certificate is not valid before " + begin, "set this clock right, or wait"));
        }
        return now.plus(EXPIRY_WARNING).isAfter(end)
                ? Optional.of(Finding.warning(check, "the certificate expires at " + end, mend))
                : Optional.empty();
    }

    /**
     * What runs with what.
     *
     * @param ours the release of this command
     * @param routers by the edge router's name; empty where this login does not see them
     */
    static Finding versions(String ours, Peer controller, Map<String, Peer> routers) {
        String words = "postern " + ours + "; the controller is " + controller.text()
                + (controller.isPostern() ? " and speaks the API of OpenZiti " + controller.version() : "");
        if (releases(routers, true).size() > 1 || releases(routers, false).size() > 1) {
            String each = routers.entrySet().stream()
                    .map(router -> router.getKey() + " is " + router.getValue().text())
                    .sorted()
                    .collect(Collectors.joining(", "));
            return Finding.warning(
                    "versions",
                    words + "; edge routers differ: " + each,
                    "bring them to one release, one after the other");
        }
        return Finding.well("versions", words);
    }

    private static Set<String> releases(Map<String, Peer> routers, boolean postern) {
        return routers.values().stream()
                .filter(router -> router.isPostern() == postern)
                .map(Peer::text)
                .collect(Collectors.toSet());
    }

    /** What lets this identity, and no other, use any edge router. */
    static String anyRouter(String identity) {
        return "postern create edge-router-policy " + Shell.word(identity + "-routers")
                + " --edge-router-roles '#all' --identity-roles " + Shell.quoted("@" + identity);
    }

    /** The sentence in a validation's failure. */
    static String words(GeneralSecurityException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof CertPathValidatorException path && path.getMessage() == null
                ? "its chain does not end at a certificate of this network"
                : String.valueOf(cause.getMessage());
    }
}
