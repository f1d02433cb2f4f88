package io.postern.router.enroll;

import io.postern.client.IdentityFile;
import io.postern.client.RouterEnrollment;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.PkiException;
import io.postern.router.config.InvalidConfig;
import io.postern.router.config.RouterConfig;
import io.postern.transport.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** The identity's PEM files. Blocks. */
public final class IdentityStore {
    private final RouterConfig.IdentityFiles files;

    public IdentityStore(RouterConfig.IdentityFiles files) {
        this.files = files;
    }

    /** @throws InvalidConfig a sentence that names key and file */
    public TlsIdentity.Material load() {
        List<X509Certificate> client = certificates("identity.cert", files.cert());
        List<X509Certificate> server = certificates("identity.server_cert", files.serverCert());
        List<X509Certificate> trust = certificates("identity.ca", files.ca());
        try {
            return new TlsIdentity.Material(Keys.privateKey(text("identity.key", files.key())), client, server, trust);
        } catch (PkiException e) {
            throw new InvalidConfig("identity.key: " + files.key() + " holds no private key that can be read");
        }
    }

    private static List<X509Certificate> certificates(String key, Path file) {
        try {
            List<X509Certificate> all = Certificates.parse(text(key, file));
            if (!all.isEmpty()) {
                return all;
            }
        } catch (PkiException e) {
            // said below
        }
        throw new InvalidConfig(key + ": " + file + " holds no certificate that can be read");
    }

    private static String text(String key, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidConfig(
                    key + ": " + file
                            + " cannot be read; a router that is not enrolled yet has none: run 'enroll CONFIG --jwt FILE' first");
        }
    }

    public void write(RouterEnrollment enrollment) throws IOException {
        IdentityFile.writePrivate(files.key(), enrollment.key());
        IdentityFile.writePrivate(files.ca(), enrollment.ca());
        certificates(enrollment.cert(), enrollment.serverCert());
    }

    /** Both certificates are of the same key, so that a crash between the two files leaves a working identity. */
    public void certificates(String cert, String serverCert) throws IOException {
        if (!files.serverCert().equals(files.cert())) {
            IdentityFile.writePrivate(files.serverCert(), serverCert);
        }
        IdentityFile.writePrivate(files.cert(), cert);
    }
}
