package io.postern.wsproxy.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.KeyStores;
import io.postern.pki.Keys;
import io.postern.pki.PkiException;
import io.postern.pki.San;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What the server shows to clients: a key and its certificate chain, leaf first. */
record ServerCertificate(PrivateKey key, List<X509Certificate> chain) {
    private static final Duration DEVELOPMENT_LIFE = Duration.ofDays(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    ServerCertificate {
        chain = List.copyOf(chain);
    }

    /** @throws IOException when they cannot be read or do not belong together; the text is fit for people */
    static ServerCertificate files(Path certificate, Path key) throws IOException {
        return of(Files.readString(key), Files.readString(certificate), certificate.toString());
    }

    /** Does a stock identity file carry a server certificate beside the client's? */
    static boolean isIn(Path identity) {
        try {
            return !JSON.readTree(identity.toFile())
                    .path("id")
                    .path("server_cert")
                    .asText("")
                    .isBlank();
        } catch (IOException e) {
            return false;
        }
    }

    /** The server certificate of an identity file, with {@code server_key}, or {@code key} where there is none. */
    static ServerCertificate identity(Path file) throws IOException {
        JsonNode id = JSON.readTree(file.toFile()).path("id");
        Path folder = file.toAbsolutePath().getParent();
        String key = id.path("server_key").asText(id.path("key").asText());
        return of(pem(key, folder), pem(id.path("server_cert").asText(), folder), file.toString());
    }

    private static String pem(String value, Path folder) throws IOException {
        if (value.startsWith("pem:")) {
            return value.substring(4);
        }
        return value.stripLeading().startsWith("-----BEGIN")
                ? value
                : Files.readString(folder.resolve(value.replaceFirst("^file://", "")));
    }

    private static ServerCertificate of(String keyPem, String chainPem, String where) throws IOException {
        try {
            List<X509Certificate> chain = Certificates.parse(chainPem);
            if (chain.isEmpty()) {
                throw new IOException(where + " holds no certificate");
            }
            PrivateKey key = Keys.privateKey(keyPem);
            if (!belong(key, chain.getFirst())) {
                throw new IOException("the key is not the one of the certificate in " + where);
            }
            return new ServerCertificate(key, chain);
        } catch (PkiException e) {
            throw new IOException(where + ": " + e.getMessage(), e);
        }
    }

    private static boolean belong(PrivateKey key, X509Certificate leaf) {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            byte[] probe = {1, 2, 3};
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            signer.initVerify(leaf);
            signer.update(probe);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A self-made one for development, good for thirty days. */
    static ServerCertificate selfMade(Collection<String> names, Instant now) {
        Authority authority = Authority.root(Keys.ec256(), "Postern development", now);
        KeyPair keys = Keys.ec256();
        List<San> sans = names.stream().map(San::host).distinct().toList();
        X509Certificate leaf =
                authority.issue(keys.getPublic(), "localhost", sans, Authority.Usage.SERVER, now, DEVELOPMENT_LIFE);
        return new ServerCertificate(keys.getPrivate(), List.of(leaf, authority.certificate()));
    }

    /** SHA-256 of the leaf as browsers show it. */
    String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded());
            return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** As the platform's TLS takes it. */
    KeyStore store() {
        return KeyStores.of(key, chain);
    }

    @Override
    public String toString() {
        return "ServerCertificate[" + chain.getFirst().getSubjectX500Principal() + ", key=***]";
    }
}
