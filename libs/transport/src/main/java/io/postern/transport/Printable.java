package io.postern.transport;

import io.netty.util.internal.EmptyArrays;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What a peer says about itself, fit for a log line. */
final class Printable {
    private static final int MOST = 64;

    private Printable() {}

    static String text(String peerText) {
        String cut = peerText.length() > MOST ? peerText.substring(0, MOST) + "..." : peerText;
        return cut.replaceAll("[^\\x21-\\x7e]", "?");
    }

    /** A sentence of a peer: spaces stay, line ends do not. */
    static String sentence(String peerText) {
        String cut = peerText.length() > 4 * MOST ? peerText.substring(0, 4 * MOST) + "..." : peerText;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** What a failure comes down to: TLS engines wrap the reason several times. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        for (int i = 0; i < 8 && root.getCause() != null; i++) {
            root = root.getCause();
        }
        return sentence(root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
    }

    static List<X509Certificate> chain(SSLSession session) {
        try {
            Certificate[] presented = session.getPeerCertificates();
            return Arrays.stream(presented == null ? EmptyArrays.EMPTY_CERTIFICATES : presented)
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    static String commonName(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return "";
        }
        try {
            return new LdapName(chain.getFirst().getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> String.valueOf(rdn.getValue()))
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException e) {
            return "";
        }
    }
}
