package io.postern.wsproxy.boot;

import io.postern.wsproxy.front.Urls;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The server's certificate and key, from where the configuration says; read at the start and whenever they are to be read again. */
@Singleton
@Identifier(ServerKeys.NAME)
public class ServerKeys implements KeyStoreProvider {
    /** Name of the TLS configuration. */
    public static final String NAME = "front";

    private static final Logger LOG = Logger.getLogger(ServerKeys.class);

    private final ProxyConfig config;
    private final PresentKey present = new PresentKey();
    private @Nullable ServerCertificate current;

    ServerKeys(ProxyConfig config) {
        this.config = config;
    }

    @Override
    public synchronized KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        ServerCertificate shown = show(load());
        return new KeyStoreAndKeyCertOptions(shown.store(), KeyCertOptions.wrap(present));
    }

    /**
     * Reads the files again; new handshakes are shown what is in them. The server is not told: it would drop what connects while
     * it builds its TLS anew.
     *
     * @throws IllegalStateException when they cannot be used, and then nothing changes; the text is fit for people
     */
    synchronized void reload() {
        show(load());
    }

    private ServerCertificate show(ServerCertificate certificate) {
        present.show(certificate);
        current = certificate;
        return certificate;
    }

    /** Files that a change of would change the certificate; none for a self-made one. */
    List<Path> files() {
        if (config.tls().certificate().isPresent() && config.tls().key().isPresent()) {
            return List.of(
                    Path.of(config.tls().certificate().get()),
                    Path.of(config.tls().key().get()));
        }
        Path identity = Path.of(config.identity());
        return ServerCertificate.isIn(identity) ? List.of(identity) : List.of();
    }

    /** When the shown certificate ends. */
    synchronized Instant end() {
        return current == null
                ? Instant.MAX
                : current.chain().getFirst().getNotAfter().toInstant();
    }

    private ServerCertificate load() {
        try {
            List<Path> files = files();
            if (files.size() == 2) {
                return ServerCertificate.files(files.get(0), files.get(1));
            }
            if (files.size() == 1) {
                return ServerCertificate.identity(files.getFirst());
            }
        } catch (IOException e) {
            throw new IllegalStateException("The server certificate cannot be used: " + e.getMessage(), e);
        }
        if (current != null) {
            return current;
        }
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
        Stream.concat(config.names().orElse(List.of()).stream(), config.publicUrl().map(Urls::authority).stream())
                .map(name -> name.replaceFirst(":\\d+$", ""))
                .filter(name -> !names.contains(name))
                .forEach(names::add);
        ServerCertificate made = ServerCertificate.selfMade(names, Instant.now());
        LOG.infof("tls.selfMade fingerprint=%s", made.fingerprint());
        return made;
    }
}
