package io.postern.cli.doctor;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param theirs the controller's version, and whether it is a Postern: that tells the release whose API it speaks
     * @param routers versions by the edge router's name; empty where this login does not see them
     */
    static Finding versions(String ours, String theirs, boolean postern, Map<String, String> routers) {
        String words = "postern " + ours + "; the controller "
                + (postern ? "is Postern and speaks the API of OpenZiti " : "is OpenZiti ") + theirs;
        if (new HashSet<>(routers.values()).size() > 1) {
            return Finding.warning(
                    "versions",
                    words + "; edge routers differ: " + routers,
                    "bring them to one release, one after the other");
        }
        return Finding.well("versions", words);
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
