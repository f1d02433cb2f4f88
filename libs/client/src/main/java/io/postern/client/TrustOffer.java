package io.postern.client;

import io.postern.pki.Certificates;
import io.postern.pki.PkiException;
import io.postern.pki.TrustBundle;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a controller that is not known yet asks to be trusted with: the certificate it shows and the network's trust
 * bundle. Whoever accepts it has compared the fingerprint, or takes the risk.
 *
 * @param leaf certificate shown by the controller
 * @param bundle certificates that it says are the network's roots and intermediates
 */
public record TrustOffer(X509Certificate leaf, List<X509Certificate> bundle) {
    public TrustOffer {
        bundle = List.copyOf(bundle);
    }

    /**
     * Asks {@code controller}, believing nothing but that both answers come from the same certificate's holder.
     *
     * @throws java.net.ConnectException when no controller answers there
     */
    public static TrustOffer of(URI controller) throws IOException {
        X509Certificate leaf = Tls.leafAt(controller, Duration.ofSeconds(5));
        URI address = controller.resolve("/.well-known/est/cacerts");
        try (Http http = new Http(Tls.pinned(leaf.getPublicKey()), Duration.ofSeconds(10))) {
            String body = http.call("GET", address, null, Map.of("Accept", "application/pkcs7-mime"))
                    .ok();
            return new TrustOffer(leaf, TrustBundle.parse(body));
        } catch (PkiException | ApiRefusal e) {
            throw new NoAnswer(controller, "what answers there is something else: " + e.getMessage());
        }
    }

    /** SHA-256 of the certificate shown, as tools print it: pairs of upper-case hex digits with colons. */
    public String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    public String bundlePem() {
        return Certificates.toPem(bundle);
    }
}
