package io.postern.pki;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether a peer's leaf chains to a trusted root. Intermediates may come from the peer or from the trust bundle.
 * Only the leaf is an identity; what else a peer presents merely helps to build the path.
 */
public final class ChainVerifier {
    private static final int MAX_DEPTH = 8;

    private final List<X509Certificate> anchors;
    private final List<X509Certificate> intermediates;

    /** Self-signed certificates of the bundle are anchors, the others help as intermediates. */
    public ChainVerifier(Collection<X509Certificate> bundle) {
        anchors = bundle.stream().filter(ChainVerifier::isSelfIssued).toList();
        intermediates = bundle.stream().filter(c -> !isSelfIssued(c)).toList();
    }

    /**
     * @param presented leaf first; a peer's further certificates may be in any order
     * @param allowExpiredLeaf whether the leaf's validity dates are overlooked (authentication policies may say so)
     * @return why the chain is refused; empty when it holds
     */
    public Optional<String> refusal(List<X509Certificate> presented, Instant at, boolean allowExpiredLeaf) {
        if (presented.isEmpty()) {
            return Optional.of("no client certificate");
        }
        if (presented.size() > Certificates.MAX_CHAIN) {
            return Optional.of("too many certificates");
        }
        X509Certificate leaf = presented.getFirst();
        Date date = Date.from(at);
        if (!allowExpiredLeaf && !isValid(leaf, date)) {
            return Optional.of("certificate is expired or not valid yet");
        }
        return leads(leaf, presented, date, new HashSet<>(), 0)
                ? Optional.empty()
                : Optional.of("certificate does not chain to a trusted root");
    }

    private boolean leads(
            X509Certificate from, List<X509Certificate> presented, Date at, Set<X509Certificate> seen, int depth) {
        if (depth > MAX_DEPTH || !seen.add(from)) {
            return false;
        }
        for (X509Certificate anchor : anchors) {
            if (issued(anchor, from, at, depth)) {
                return true;
            }
        }
        for (X509Certificate ca : intermediates) {
            if (issued(ca, from, at, depth) && leads(ca, presented, at, seen, depth + 1)) {
                return true;
            }
        }
        for (X509Certificate ca : presented.subList(1, presented.size())) {
            if (issued(ca, from, at, depth) && leads(ca, presented, at, seen, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    /** @param below number of CA certificates already below {@code ca} in the path */
    private static boolean issued(X509Certificate ca, X509Certificate child, Date at, int below) {
        if (!ca.getSubjectX500Principal().equals(child.getIssuerX500Principal())
                || ca.getBasicConstraints() < below
                || !maySignCertificates(ca)
                || !isValid(ca, at)) {
            return false;
        }
        try {
            child.verify(ca.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean maySignCertificates(X509Certificate ca) {
        boolean[] usage = ca.getKeyUsage();
        return usage == null || usage[5];
    }

    private static boolean isValid(X509Certificate certificate, Date at) {
        return !at.before(certificate.getNotBefore()) && !at.after(certificate.getNotAfter());
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
