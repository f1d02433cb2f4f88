package io.postern.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority: a root or an intermediate with its key. Issues the shapes of SDK sheet 1.1: random serial,
 * notBefore one minute ago, digitalSignature + keyEncipherment + dataEncipherment, not a CA. Immutable, any thread.
 *
 * @param key the signing key
 * @param chain the authority's own certificate first, up to its root
 */
public record Authority(PrivateKey key, List<X509Certificate> chain) {
    /** Life of issued identity and router certificates. */
    public static final Duration LEAF_LIFE = Duration.ofDays(365);

    private static final Duration BACKDATE = Duration.ofMinutes(1);
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LEAF_USAGE =
            KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.dataEncipherment;
    private static final int CA_USAGE = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;

    public Authority {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new PkiException("an authority needs its own certificate");
        }
    }

    /** A new self-signed root. */
    public static Authority root(KeyPair keys, String commonName, Instant now) {
        X500Name name = name(commonName);
        X509Certificate certificate = sign(
                keys.getPrivate(),
                name,
                null,
                new Subject(name, keys.getPublic(), List.of(), Usage.CA, 1),
                now,
                CA_LIFE);
        return new Authority(keys.getPrivate(), List.of(certificate));
    }

    /** A new authority below this one that may issue leaves only. */
    public Authority intermediate(KeyPair keys, String commonName, Instant now) {
        X509Certificate certificate =
                issue(new Subject(name(commonName), keys.getPublic(), List.of(), Usage.CA, 0), now, CA_LIFE);
        var line = new ArrayList<>(List.of(certificate));
        line.addAll(chain);
        return new Authority(keys.getPrivate(), line);
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Client certificate for a request; its subject is the request's, its names are {@code sans} only. */
    public X509Certificate client(Csr csr, Collection<San> sans, Instant now, Duration life) {
        return issue(new Subject(csr.subject(), csr.publicKey(), List.copyOf(sans), Usage.CLIENT, -1), now, life);
    }

    /** Server certificate for a request with the names the request asks for (routers). */
    public X509Certificate server(Csr csr, Instant now, Duration life) {
        return issue(new Subject(csr.subject(), csr.publicKey(), csr.sans(), Usage.SERVER, -1), now, life);
    }

    /** Certificate for the holder of {@code key}, who need not send a request. */
    public X509Certificate issue(
            PublicKey key, String commonName, Collection<San> sans, Usage usage, Instant now, Duration life) {
        return issue(new Subject(name(commonName), key, List.copyOf(sans), usage, -1), now, life);
    }

    /** The leaf and the intermediates above it, root omitted: what clients are given (SDK sheet 1.1). */
    public List<X509Certificate> withIntermediates(X509Certificate leaf) {
        var line = new ArrayList<>(List.of(leaf));
        chain.stream().filter(ca -> !isSelfIssued(ca)).forEach(line::add);
        return List.copyOf(line);
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** What a certificate is for. */
    public enum Usage {
        CA,
        CLIENT,
        SERVER,
        /** Controllers and routers: both ends of a channel with one certificate. */
        PEER
    }

    private record Subject(X500Name name, PublicKey key, List<San> sans, Usage usage, int pathLength) {}

    private X509Certificate issue(Subject subject, Instant now, Duration life) {
        X500Name issuer =
                X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
        return sign(key, issuer, certificate(), subject, now, life);
    }

    private static X509Certificate sign(
            PrivateKey key,
            X500Name issuer,
            @Nullable X509Certificate issuerCertificate,
            Subject subject,
            Instant now,
            Duration life) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(127, RANDOM).setBit(126),
                    Date.from(now.minus(BACKDATE)),
                    Date.from(now.plus(life)),
                    subject.name(),
                    subject.key());
            var ids = new JcaX509ExtensionUtils();
            boolean ca = subject.usage() == Usage.CA;
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    ca ? new BasicConstraints(subject.pathLength()) : new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(ca ? CA_USAGE : LEAF_USAGE));
            builder.addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(subject.key()));
            if (issuerCertificate != null) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuerCertificate));
            }
            if (!ca) {
                builder.addExtension(Extension.extendedKeyUsage, false, extended(subject.usage()));
            }
            if (!subject.sans().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, SanNames.write(subject.sans()));
            }
            var signer = new JcaContentSignerBuilder(Keys.signatureAlgorithm(key)).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new PkiException("certificate cannot be issued", e);
        }
    }

    private static ExtendedKeyUsage extended(Usage usage) {
        return switch (usage) {
            case CLIENT -> new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
            case SERVER -> new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
            case PEER, CA ->
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth});
        };
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }
}
