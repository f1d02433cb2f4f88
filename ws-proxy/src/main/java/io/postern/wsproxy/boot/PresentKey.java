package io.postern.wsproxy.boot;

import io.postern.pki.KeyStores;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key that the server shows, which may become another one at any time: a handshake asks for it when it needs it, so none is
 * refused at a change, and the server knows of none. A handshake that began with one key ends with that key. Any thread.
 */
final class PresentKey extends X509ExtendedKeyManager {
    /** No handshake lasts longer than so many changes. */
    private static final int KEPT = 8;

    private record Generation(long number, X509ExtendedKeyManager keys) {}

    /** The newest first. */
    private volatile List<Generation> generations = List.of();

    /** From now on it is this one. */
    synchronized void show(ServerCertificate certificate) {
        List<Generation> before = generations;
        long number = before.isEmpty() ? 0 : before.getFirst().number() + 1;
        List<Generation> now = new ArrayList<>(
                List.of(new Generation(number, (X509ExtendedKeyManager) KeyStores.managers(certificate.store())[0])));
        now.addAll(before.subList(0, Math.min(before.size(), KEPT - 1)));
        generations = List.copyOf(now);
    }

    private @Nullable String choose(Function<X509ExtendedKeyManager, @Nullable String> choice) {
        List<Generation> all = generations;
        if (all.isEmpty()) {
            return null;
        }
        String alias = choice.apply(all.getFirst().keys());
        return alias == null ? null : all.getFirst().number() + "/" + alias;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keys -> keys.chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keys -> keys.chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        List<Generation> all = generations;
        String[] aliases = all.isEmpty() ? null : all.getFirst().keys().getServerAliases(keyType, issuers);
        return aliases == null
                ? null
                : Arrays.stream(aliases)
                        .map(alias -> all.getFirst().number() + "/" + alias)
                        .toArray(String[]::new);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return of(alias)
                .map(generation -> generation.keys().getCertificateChain(name(alias)))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return of(alias)
                .map(generation -> generation.keys().getPrivateKey(name(alias)))
                .orElse(null);
    }

    private Optional<Generation> of(String alias) {
        return generations.stream()
                .filter(generation -> alias.startsWith(generation.number() + "/"))
                .findFirst();
    }

    private static String name(String alias) {
        return alias.substring(alias.indexOf('/') + 1);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // this end is the server
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
