package io.postern.bench;

import io.postern.client.IdentityFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate login over a connection of its own: TCP, a full TLS handshake, one request, the end. The caller is thin, so
 * that the time of a round is mostly the controller's.
 */
final class FreshLogin {
    private final String host;
    private final int port;
    private final KeyManager[] keys;
    private final TrustManager[] trust;
    private final byte[] request;

    FreshLogin(IdentityFile identity) throws GeneralSecurityException, IOException {
        URI controller = URI.create(identity.ztApi());
        host = controller.getHost();
        port = controller.getPort();
        KeyStore own = empty();
        own.setKeyEntry(
                "own",
                identity.privateKey(),
                new char[0],
                identity.certificates().toArray(new X509Certificate[0]));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own, new char[0]);
        keys = keyManagers.getKeyManagers();
        KeyStore trusted = empty();
        List<X509Certificate> authorities = identity.trust();
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("ca" + i, authorities.get(i));
        }
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        trust = trustManagers.getTrustManagers();
        String body = "{\"configTypes\":[\"all\"],\"sdkInfo\":{\"type\":\"bench\"}}";
        request = ("POST /edge/client/v1/authenticate?method=cert HTTP/1.1\r\nHost: " + host + ":" + port
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** @throws IOException when the answer is not an API Session */
    void run() throws GeneralSecurityException, IOException {
        // a context of its own has no session to resume
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port)) {
            // its last flight is of several writes, which would wait for an acknowledgement that the other side delays
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            in.transferTo(answer);
            String text = answer.toString(StandardCharsets.UTF_8);
            if (!text.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("no login: " + text.lines().findFirst().orElse("no answer"));
            }
        }
    }
}
