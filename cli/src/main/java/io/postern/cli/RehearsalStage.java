package io.postern.cli;

import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Makes the certificates of the {@link Rehearsal}'s stand-in, {@code server.p12} and {@code ca.pem} in a folder. A process of
 * its own: whatever the rehearsal itself loads goes into the cache, and what is in there every start pays for.
 */
final class RehearsalStage {
    static final String PASSWORD = "rehearsal";

    private RehearsalStage() {}

    public static void main(String... arguments) throws GeneralSecurityException, IOException {
        Path folder = Path.of(arguments[0]);
        Instant now = Instant.now();
        Authority network = Authority.root(Keys.ec256(), "rehearsal root", now)
                .intermediate(Keys.ec256(), "rehearsal intermediate", now);
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = network.issue(
                keys.getPublic(),
                "rehearsal",
                List.of(new San.Dns("localhost")),
                Authority.Usage.SERVER,
                now,
                Duration.ofDays(1));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        X509Certificate[] chain = network.withIntermediates(leaf).toArray(X509Certificate[]::new);
        store.setKeyEntry("server", keys.getPrivate(), PASSWORD.toCharArray(), chain);
        try (OutputStream out = Files.newOutputStream(folder.resolve("server.p12"))) {
            store.store(out, PASSWORD.toCharArray());
        }
        Files.writeString(folder.resolve("ca.pem"), Certificates.toPem(network.chain()));
    }
}
