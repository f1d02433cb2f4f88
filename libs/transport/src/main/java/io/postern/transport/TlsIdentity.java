package io.postern.transport;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.postern.pki.ChainVerifier;
import io.postern.pki.KeyStores;
import io.postern.transport.ServerOptions.ClientCertificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Key, chains and trust bundle of one process, replaceable while it runs: handshakes begun later use the new material, open
 * channels stay as they are. Thread-safe.
 */
public final class TlsIdentity {
    /**
     * What an identity consists of.
     *
     * @param key of both leaves
     * @param clientChain presented when dialling, leaf first
     * @param serverChain presented when accepting, leaf first
     * @param trust certificates a peer's chain must end in; intermediates among them are enough
     */
    public record Material(
            PrivateKey key,
            List<X509Certificate> clientChain,
            List<X509Certificate> serverChain,
            List<X509Certificate> trust) {
        public Material {
            clientChain = List.copyOf(clientChain);
            serverChain = List.copyOf(serverChain);
            trust = List.copyOf(trust);
            if (trust.isEmpty()) {
                throw new IllegalArgumentException("a TLS identity needs trusted certificates");
            }
        }

        @Override
        public String toString() {
            return "TLS material of "
                    + (clientChain.isEmpty() ? serverChain : clientChain)
                            .getFirst()
                            .getSubjectX500Principal();
        }
    }

    private record Use(boolean server, TlsEngine engine, List<String> protocols, ClientCertificates clients) {}

    private record State(Material material, Map<Use, SslContext> contexts) {}

    private volatile State state;

    public TlsIdentity(Material material) {
        state = new State(material, new ConcurrentHashMap<>());
    }

    /** What new handshakes use. */
    public Material material() {
        return state.material;
    }

    /** For handshakes that begin from now on. */
    public void replace(Material material) {
        state = new State(material, new ConcurrentHashMap<>());
    }

    /** The same key and chains with another bundle; two replacements at once are the caller's to order. */
    public void replaceTrust(List<X509Certificate> trust) {
        Material now = material();
        replace(new Material(now.key, now.clientChain, now.serverChain, trust));
    }

    /** Whether a chain, leaf first, ends in the bundle; dates of the leaf are not looked at. */
    public boolean trusts(List<X509Certificate> chain) {
        return new ChainVerifier(state.material.trust)
                .refusal(chain, Instant.now(), true)
                .isEmpty();
    }

    /** @param protocols ALPN names offered; others and none are accepted too, the caller looks at what was agreed */
    SslContext server(TlsEngine engine, List<String> protocols, ClientCertificates clients) {
        State now = state;
        return now.contexts.computeIfAbsent(
                new Use(true, engine, protocols, clients), use -> server(now.material, use));
    }

    SslContext client(TlsEngine engine, @Nullable String protocol) {
        State now = state;
        List<String> protocols = protocol == null ? List.of() : List.of(protocol);
        return now.contexts.computeIfAbsent(
                new Use(false, engine, protocols, ClientCertificates.NONE), use -> client(now.material, use));
    }

    private static SslContext server(Material material, Use use) {
        SslContextBuilder builder = SslContextBuilder.forServer(material.key, material.serverChain)
                .trustManager(new ChainTrust(material.trust, Clock.systemUTC()))
                .clientAuth(use.clients == ClientCertificates.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.NONE);
        return build(builder, use);
    }

    private static SslContext client(Material material, Use use) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .keyManager(material.key, material.clientChain)
                .trustManager(material.trust);
        return build(builder, use);
    }

    private static SslContext build(SslContextBuilder builder, Use use) {
        try {
            if (!use.protocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        use.protocols));
            }
            return builder.keyStoreType(KeyStores.FORMAT)
                    .sslProvider(use.engine.provider())
                    .protocols("TLSv1.2", "TLSv1.3")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS material cannot be used: " + e.getMessage(), e);
        }
    }
}
