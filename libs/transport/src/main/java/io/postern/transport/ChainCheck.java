package io.postern.transport;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a presented chain ends in a bundle. Dates of the leaf are left out, because whether an expired leaf may still come
 * in depends on the API Session; everything above it must be valid now. Extended key usage is not looked at.
 */
final class ChainCheck {
    private static final int MOST_PRESENTED = 10;

    private ChainCheck() {}

    static void check(List<X509Certificate> presented, List<X509Certificate> trust, Instant now)
            throws CertificateException {
        if (presented.isEmpty() || presented.size() > MOST_PRESENTED) {
            throw new CertificateException("chain of " + presented.size() + " certificates");
        }
        if (trust.isEmpty()) {
            throw new CertificateException("no trusted certificates");
        }
        PKIXCertPathBuilderResult built = build(presented, trust, now);
        Date date = Date.from(now);
        for (int i = 1; i < built.getCertPath().getCertificates().size(); i++) {
            ((X509Certificate) built.getCertPath().getCertificates().get(i)).checkValidity(date);
        }
        built.getTrustAnchor().getTrustedCert().checkValidity(date);
    }

    private static PKIXCertPathBuilderResult build(
            List<X509Certificate> presented, List<X509Certificate> trust, Instant now) throws CertificateException {
        try {
            X509Certificate leaf = presented.getFirst();
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            Set<TrustAnchor> anchors =
                    trust.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(clamp(now, leaf));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(presented)));
            return (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("chain does not end in the trust bundle", e);
        }
    }

    private static Date clamp(Instant now, X509Certificate leaf) {
        Instant from = leaf.getNotBefore().toInstant();
        Instant until = leaf.getNotAfter().toInstant();
        return Date.from(now.isBefore(from) ? from : now.isAfter(until) ? until : now);
    }
}
