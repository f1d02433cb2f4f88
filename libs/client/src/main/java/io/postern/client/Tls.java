package io.postern.client;

import io.postern.pki.KeyStores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS contexts for calls to a controller and to what else of the network speaks HTTPS. */
public final class Tls {
    private Tls() {}

    /** Trusts what chains to {@code roots} and carries the right name; shows {@code identity} when asked for one. */
    public static SSLContext trusting(List<X509Certificate> roots, @Nullable IdentityFile identity) {
        KeyManager[] keys = identity == null
                ? null
                : KeyStores.managers(KeyStores.of(identity.privateKey(), identity.certificates()));
        return context(keys, KeyStores.trusting(roots));
    }

    /**
     * Trusts exactly this server key, whatever certificate and name it comes with: controllers behind one address share the
     * key, and one of them may have a certificate renewed that the next one shows in its former form still.
     */
    static SSLContext pinned(PublicKey key) {
        return context(null, new TrustManager[] {
            new Judge(shown -> {
                if (!shown.getPublicKey().equals(key)) {
                    throw new CertificateException("another server key than the one that was checked");
                }
            })
        });
    }

    /**
     * The certificate that is presented at {@code address}. It proves nothing yet: the caller has other means to judge
     * it. Fails with a {@link NoAnswer}.
     */
    static X509Certificate leafAt(URI address, Duration timeout) throws IOException {
        SSLContext any = context(null, new TrustManager[] {new Judge(shown -> {})});
        String host = bare(address.getHost());
        int port = address.getPort() < 0 ? 443 : address.getPort();
        try (Socket tcp = new Socket()) {
            try {
                tcp.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            } catch (IOException e) {
                throw new NoAnswer(address, Words.of(e));
            }
            tcp.setSoTimeout((int) timeout.toMillis());
            try (SSLSocket tls = (SSLSocket) any.getSocketFactory().createSocket(tcp, host, port, true)) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                if (host.matches("[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*")) {
                    parameters.setServerNames(List.of(new SNIHostName(host)));
                }
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                return (X509Certificate) tls.getSession().getPeerCertificates()[0];
            } catch (SocketTimeoutException e) {
                throw new NoAnswer(address, "something takes connections there, and says nothing");
            } catch (IOException e) {
                String why = e instanceof SSLException ? e.getMessage() : Words.of(e);
                throw new NoAnswer(address, "what answers there does not speak TLS: " + why);
            }
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static SSLContext context(KeyManager @Nullable [] keys, TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    @FunctionalInterface
    private interface Verdict {
        void on(X509Certificate leaf) throws CertificateException;
    }

    /** Judges the leaf only; being an extended manager it is asked instead of the platform's checks, not after them. */
    private static final class Judge extends X509ExtendedTrustManager {
        private final Verdict verdict;

        Judge(Verdict verdict) {
            this.verdict = verdict;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            verdict.on(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
