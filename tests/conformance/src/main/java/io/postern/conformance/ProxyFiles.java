package io.postern.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a ws-proxy needs in its folder before it starts: an identity in the network, and a certificate for its clients. */
final class ProxyFiles {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path folder;
    private final Authority authority = Authority.root(Keys.ec256(), "console proxies", Instant.now());

    ProxyFiles(Path folder) {
        this.folder = folder;
    }

    /** Who vouches for the certificates that {@link #certify} makes. */
    X509Certificate authority() {
        return authority.certificate();
    }

    Path certificate() {
        return folder.resolve("server.pem");
    }

    Path key() {
        return folder.resolve("server.key");
    }

    /** A new certificate for localhost, in place of the one that was there. @return its serial number */
    BigInteger certify() throws IOException {
        KeyPair keys = Keys.ec256();
        X509Certificate leaf = authority.issue(
                keys.getPublic(),
                "localhost",
                List.of(new San.Dns("localhost"), new San.Ip("127.0.0.1")),
                Authority.Usage.SERVER,
                Instant.now(),
                Duration.ofDays(2));
        Files.writeString(key(), Keys.toPem(keys.getPrivate()));
        Files.writeString(certificate(), Certificates.toPem(leaf));
        return leaf.getSerialNumber();
    }

    /** Makes an identity of this name and role, and enrolls it by our command line. @return its file */
    Path enroll(Rest admin, Path root, Path logs, String name, String role) throws IOException, InterruptedException {
        ObjectNode draft =
                Rest.object().put("name", name).put("type", "Default").put("isAdmin", false);
        draft.putArray("roleAttributes").add(role);
        draft.putObject("enrollment").put("ott", true);
        String id = admin.create("identities", draft);
        String jwt = admin.get(Rest.MANAGEMENT + "/identities/" + id)
                .path("enrollment")
                .path("ott")
                .path("jwt")
                .asText();
        Path token = Files.writeString(folder.resolve("proxy.jwt"), jwt);
        Path file = folder.resolve("proxy.json");
        List<String> command = Verbs.command(root, "enroll", token.toString(), "-o", file.toString());
        try (Proc enroll = Proc.start("enroll-proxy", command, Map.of(), folder, logs.resolve("enroll-proxy.log"))) {
            if (enroll.exitCode(PATIENCE) != 0) {
                throw new Failed("the proxy does not enroll: " + enroll.lastLine() + ", see " + logs);
            }
        }
        return file;
    }
}
