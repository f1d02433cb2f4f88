package io.postern.wsproxy.boot;

import io.postern.client.IdentityFile;
import io.postern.wsproxy.recording.RecordingKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What must be right before anything starts. */
final class Startup {
    private Startup() {}

    /** @return what is wrong, as a sentence for the person who starts the program */
    static Optional<String> complaint(
            String identity, String bind, Optional<String> certificate, Optional<String> key) {
        if (certificate.isPresent() != key.isPresent()) {
            return Optional.of(
                    "postern.ws-proxy.tls.certificate and postern.ws-proxy.tls.key go together; only one is set.");
        }
        Path file = Path.of(identity);
        try {
            IdentityFile.read(file);
        } catch (NoSuchFileException e) {
            return Optional.of("There is no identity file at " + file
                    + ". Create an identity for the proxy, enroll it (postern enroll) and name the file with"
                    + " postern.ws-proxy.identity.");
        } catch (IOException e) {
            return Optional.of("The identity file cannot be used: " + e.getMessage());
        }
        if (certificate.isEmpty() && !isLoopback(bind) && !ServerCertificate.isIn(file)) {
            return Optional.of("To listen at " + bind + " the proxy needs a server certificate: set"
                    + " postern.ws-proxy.tls.certificate and postern.ws-proxy.tls.key.");
        }
        return certificate.or(() -> key).flatMap(ignored -> unreadable(certificate.orElse(""), key.orElse("")));
    }

    private static Optional<String> unreadable(String certificate, String key) {
        for (String name : new String[] {certificate, key}) {
            if (!Files.isReadable(Path.of(name))) {
                return Optional.of("The file " + name + " of the server certificate cannot be read.");
            }
        }
        try {
            ServerCertificate.files(Path.of(certificate), Path.of(key));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("The server certificate cannot be used: " + e.getMessage());
        }
    }

    /** @return likewise, about the keys of recordings */
    static Optional<String> keys(List<String> files) {
        try {
            RecordingKeys.read(files.stream().map(Path::of).toList());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
