package io.postern.controller.access;

import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The certificates that the client presented at TLS, leaf first, not judged. */
public final class PeerCertificates {
    private PeerCertificates() {}

    public static List<X509Certificate> of(HttpServerRequest request) {
        try {
            var chain = new ArrayList<X509Certificate>();
            for (Certificate certificate : request.connection().peerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            return chain;
        } catch (SSLPeerUnverifiedException | NullPointerException e) {
            return List.of(); // none was presented, or the connection is not TLS
        }
    }
}
