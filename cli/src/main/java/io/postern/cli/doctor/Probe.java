package io.postern.cli.doctor;

import io.postern.pki.KeyStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Looks, and decides nothing. Blocks for seconds at most; answers are bounded. */
final class Probe {
    private static final int TIMEOUT_MILLIS = 5_000;

    private Probe() {}

    /**
     * What a TLS server shows.
     *
     * @param untrusted why the chain does not end at the network's certificates or bears another name; null when it does
     */
    record Shown(List<X509Certificate> chain, @Nullable String untrusted) {}

    static List<String> resolve(String host) throws UnknownHostException {
        List<String> all = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            all.add(address.getHostAddress());
        }
        return all;
    }

    /** Does something accept connections there? */
    static void connect(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
        }
    }

    /** Shakes hands believing anything, then judges what was shown. */
    static Shown look(String host, int port, List<X509Certificate> roots) throws IOException {
        Believing believing = new Believing(roots, host);
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {believing}, new SecureRandom());
            try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                return new Shown(believing.chain, believing.untrusted);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no TLS", e);
        }
    }

    /** Why {@code chain} does not end at {@code roots}; null when it does. */
    static @Nullable String judge(X509Certificate[] chain, List<X509Certificate> roots) {
        try {
            for (TrustManager manager : KeyStores.trusting(roots)) {
                ((X509TrustManager) manager).checkServerTrusted(chain, "UNKNOWN");
            }
            return null;
        } catch (GeneralSecurityException e) {
            return Diagnosis.words(e);
        }
    }

    private static final class Believing implements X509TrustManager {
        private final List<X509Certificate> roots;
        private final String host;
        private List<X509Certificate> chain = List.of();
        private @Nullable String untrusted;

        Believing(List<X509Certificate> roots, String host) {
            this.roots = roots;
            this.host = host;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] shown, String type) {
            chain = List.of(shown);
            untrusted = judge(shown, roots);
            if (untrusted == null && !names(shown[0], host)) {
                untrusted = "it is for other names than " + host;
            }
        }

        private static boolean names(X509Certificate leaf, String host) {
            try {
                var names = leaf.getSubjectAlternativeNames();
                return names == null
                        || names.stream().anyMatch(name -> {
                            String value = String.valueOf(name.get(1));
                            return value.equalsIgnoreCase(host)
                                    || value.startsWith("*.")
                                            && host.indexOf('.') > 0
                                            && host.substring(host.indexOf('.')).equalsIgnoreCase(value.substring(1));
                        });
            } catch (CertificateException e) {
                return false;
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shown, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
