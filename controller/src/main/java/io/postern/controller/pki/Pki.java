package io.postern.controller.pki;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.boot.Schema;
import io.postern.controller.boot.StartRefusal;
import io.postern.controller.pki.KeyEntry.Role;
import io.postern.pki.Authority;
import io.postern.pki.ChainVerifier;
import io.postern.pki.PkiException;
import io.postern.pki.TrustBundle;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * The keys and certificates in force. Created at start, on a thread that may block; afterwards its answers come from
 * memory and are replaced as a whole when keys are renewed. Any thread.
 */
@Singleton
@Startup(Interceptor.Priority.LIBRARY_BEFORE)
public class Pki {
    private static final Logger LOG = Logger.getLogger(Pki.class);
    private static final Duration PUBLISHED_AFTER = Duration.ofMinutes(10);

    /** Everything derived from the keys at one moment. */
    private record State(
            Authority signer,
            KeyEntry https,
            List<KeyEntry> jwt,
            List<X509Certificate> bundle,
            String cacerts,
            ChainVerifier verifier) {}

    private final KeyStorage storage;
    private final KeyPlan plan;
    private final Clock clock = Clock.systemUTC();
    private final List<Runnable> replaced = new CopyOnWriteArrayList<>();
    private volatile State state;

    Pki(PosternConfig config, Schema schema) {
        try {
            this.storage = new KeyStorage(schema.pool(), KeyVault.open(keyFile(config)));
            this.plan = new KeyPlan(
                    config.controllerId(),
                    config.trustDomain(),
                    Advertised.hosts(config),
                    config.https().keyType(),
                    GivenAuthority.of(config.pki(), clock.instant()));
            this.state = load();
        } catch (FileSystemException e) {
            throw StartRefusal.FILE.because(e.getFile() + " cannot be read or written: "
                    + Objects.requireNonNullElse(
                            e.getReason(), e.getClass().getSimpleName().replace("Exception", "")));
        } catch (PkiException | IOException e) {
            throw StartRefusal.FILE.because(e.getMessage());
        }
        LOG.infof(
                "pki.ready https=%s jwt=%s",
                state.https.kid(), state.jwt.getFirst().kid());
    }

    /** Makes what is about to end anew; keys that still verify stay. Blocks. */
    public void renew() {
        String before = state.https.kid() + state.jwt.getFirst().kid();
        state = load();
        if (!before.equals(state.https.kid() + state.jwt.getFirst().kid())) {
            LOG.infof(
                    "pki.renewed https=%s jwt=%s",
                    state.https.kid(), state.jwt.getFirst().kid());
            replaced.forEach(Runnable::run);
        }
    }

    /** Called after keys were replaced, on the thread that did it. */
    public void onReplaced(Runnable observer) {
        replaced.add(observer);
    }

    /** Issues identity and router certificates. */
    public Authority signer() {
        return state.signer;
    }

    /** Leaf, chain and key of the HTTPS and control port; the key signs enrollment tokens. */
    public KeyEntry https() {
        return state.https;
    }

    /** Keys whose signatures on tokens hold, newest first. */
    public List<KeyEntry> jwtKeys() {
        return state.jwt;
    }

    /** The key that signs: the newest that routers and replicas had time to learn of. */
    public KeyEntry signingKey() {
        List<KeyEntry> keys = state.jwt;
        Instant known = clock.instant().minus(PUBLISHED_AFTER);
        return keys.stream()
                .filter(entry -> entry.createdAt().isBefore(known))
                .findFirst()
                .orElse(keys.getLast());
    }

    /** All roots and intermediates. */
    public List<X509Certificate> trustBundle() {
        return state.bundle;
    }

    /** The body of {@code cacerts}. */
    public String cacerts() {
        return state.cacerts;
    }

    /** Says whether a certificate is one of ours. */
    public ChainVerifier verifier() {
        return state.verifier;
    }

    public Instant now() {
        return clock.instant();
    }

    private State load() {
        List<KeyEntry> all = storage.complete(have -> plan.missing(have, clock.instant()));
        List<X509Certificate> bundle = new ArrayList<>();
        all.stream()
                .filter(entry -> entry.role() == Role.ROOT || entry.role() == Role.INTERMEDIATE)
                .sorted(Comparator.comparing(KeyEntry::role).thenComparing(KeyEntry::createdAt))
                .forEach(entry -> bundle.add(entry.certificate()));
        List<KeyEntry> jwt = all.stream()
                .filter(entry -> entry.role() == Role.JWT)
                .sorted(Comparator.comparing(KeyEntry::createdAt).reversed())
                .toList();
        return new State(
                KeyPlan.newest(all, Role.INTERMEDIATE).orElseThrow().authority(),
                KeyPlan.newest(all, Role.HTTPS).orElseThrow(),
                jwt,
                List.copyOf(bundle),
                TrustBundle.toPkcs7Base64(bundle),
                new ChainVerifier(bundle));
    }

    private static Path keyFile(PosternConfig config) {
        return Path.of(config.keyFile().orElse(config.dataFolder() + "/pki.key"));
    }
}
