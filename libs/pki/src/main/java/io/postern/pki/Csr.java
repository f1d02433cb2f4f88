package io.postern.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A PKCS#10 request whose signature was verified with its own key. */
public final class Csr {
    private final X500Name subject;
    private final PublicKey publicKey;
    private final List<San> sans;

    private Csr(X500Name subject, PublicKey publicKey, List<San> sans) {
        this.subject = subject;
        this.publicKey = publicKey;
        this.sans = sans;
    }

    /** PEM of a request with subject {@code CN=commonName}. */
    public static String create(KeyPair keys, String commonName, Collection<San> sans) {
        return create(
                keys,
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.CN, commonName)
                        .build(),
                sans);
    }

    private static String create(KeyPair keys, X500Name subject, Collection<San> sans) {
        try {
            var builder = new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic());
            if (!sans.isEmpty()) {
                var extensions = new ExtensionsGenerator();
                extensions.addExtension(Extension.subjectAlternativeName, false, SanNames.write(List.copyOf(sans)));
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            var signer =
                    new JcaContentSignerBuilder(Keys.signatureAlgorithm(keys.getPrivate())).build(keys.getPrivate());
            return Pem.armour("CERTIFICATE REQUEST", builder.build(signer).getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new PkiException("signing request cannot be made", e);
        }
    }

    /**
     * Reads a request and verifies its self-signature.
     *
     * @throws PkiException when it cannot be read, its signature is wrong, or its key is too weak
     */
    public static Csr parse(String pem) {
        if (pem.length() > Keys.MAX_PEM) {
            throw new PkiException("signing request is too long");
        }
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new PkiException("no signing request in the PEM");
            }
            PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new PkiException("signing request is not signed by its own key");
            }
            if (key instanceof java.security.interfaces.RSAKey rsa
                    && rsa.getModulus().bitLength() < 2048) {
                throw new PkiException("RSA key of the signing request is shorter than 2048 bits");
            }
            Keys.jwsAlgorithm(key);
            return new Csr(request.getSubject(), key, sans(request));
        } catch (PkiException e) {
            throw e;
        } catch (IOException
                | OperatorCreationException
                | PKCSException
                | java.security.GeneralSecurityException
                | RuntimeException e) {
            throw new PkiException(
                    "signing request cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static List<San> sans(PKCS10CertificationRequest request) {
        for (Attribute attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            for (ASN1Encodable value : attribute.getAttributeValues()) {
                GeneralNames names =
                        GeneralNames.fromExtensions(Extensions.getInstance(value), Extension.subjectAlternativeName);
                if (names != null) {
                    return SanNames.read(names);
                }
            }
        }
        return List.of();
    }

    public Optional<String> commonName() {
        var names = subject.getRDNs(BCStyle.CN);
        return names.length == 0
                ? Optional.empty()
                : Optional.of(names[0].getFirst().getValue().toString());
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    public List<San> sans() {
        return sans;
    }

    X500Name subject() {
        return subject;
    }
}
