package io.postern.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Reads, writes and names X.509 certificates. */
public final class Certificates {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    /** Most certificates taken from one PEM text or one peer. */
    public static final int MAX_CHAIN = 64;

    private Certificates() {}

    /**
     * All certificates of a PEM text, in its order; other blocks and text between are passed over.
     *
     * @throws PkiException when a certificate block cannot be read
     */
    public static List<X509Certificate> parse(String pem) {
        var found = new ArrayList<X509Certificate>();
        int at = pem.indexOf(BEGIN);
        while (at >= 0) {
            int end = pem.indexOf(END, at);
            if (end < 0) {
                throw new PkiException("certificate PEM has no end line");
            }
            if (found.size() == MAX_CHAIN) {
                throw new PkiException("more than " + MAX_CHAIN + " certificates in one PEM");
            }
            found.add(fromBase64(pem.substring(at + BEGIN.length(), end)));
            at = pem.indexOf(BEGIN, end);
        }
        return List.copyOf(found);
    }

    /** The first certificate of a PEM text. */
    public static X509Certificate parseOne(String pem) {
        List<X509Certificate> all = parse(pem);
        if (all.isEmpty()) {
            throw new PkiException("no certificate in the PEM");
        }
        return all.getFirst();
    }

    /** A certificate from its DER bytes. */
    public static X509Certificate fromDer(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new PkiException("certificate cannot be read", e);
        }
    }

    public static String toPem(X509Certificate certificate) {
        return Pem.armour("CERTIFICATE", der(certificate));
    }

    /** PEM of all, in order: a chain is leaf first. */
    public static String toPem(Collection<X509Certificate> certificates) {
        var pem = new StringBuilder();
        certificates.forEach(certificate -> pem.append(toPem(certificate)));
        return pem.toString();
    }

    /** The network's fingerprint: lower-case hex SHA-1 of the DER, no colons (SDK sheet 1.1). Also the {@code kid}. */
    public static String sha1(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(der(certificate)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    /** Common name of the subject, if it has one. */
    public static Optional<String> commonName(X509Certificate certificate) {
        return commonName(certificate.getSubjectX500Principal().getName());
    }

    static Optional<String> commonName(String rfc2253) {
        try {
            return new LdapName(rfc2253)
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** URI subject alternative names, such as SPIFFE ids. */
    public static List<String> uris(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return List.of();
            }
            return names.stream()
                    .filter(name -> Integer.valueOf(6).equals(name.get(0)))
                    .map(name -> name.get(1).toString())
                    .toList();
        } catch (CertificateException e) {
            return List.of();
        }
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new PkiException("certificate cannot be encoded", e);
        }
    }

    private static X509Certificate fromBase64(String body) {
        try {
            return fromDer(Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            throw new PkiException("certificate PEM is not base64");
        }
    }
}
