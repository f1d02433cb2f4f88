package io.postern.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** Makes, reads and writes private keys; reads PKCS#8, SEC1 ("EC PRIVATE KEY") and PKCS#1 ("RSA PRIVATE KEY") PEM. */
public final class Keys {
    /** Longest PEM text that is looked at; an RSA 16384 key is about 13 kB. */
    static final int MAX_PEM = 64 * 1024;

    private Keys() {}

    /** A fresh EC P-256 key pair. */
    public static KeyPair ec256() {
        return ec("secp256r1");
    }

    /** A fresh EC P-384 key pair. */
    public static KeyPair ec384() {
        return ec("secp384r1");
    }

    /** A fresh RSA key pair of {@code bits}. */
    public static KeyPair rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no RSA keys", e);
        }
    }

    /** PKCS#8 PEM, unencrypted. */
    public static String toPem(PrivateKey key) {
        return Pem.armour("PRIVATE KEY", key.getEncoded());
    }

    /**
     * Reads the first private key of {@code pem}.
     *
     * @throws PkiException when there is none or it cannot be read; the text never holds key material
     */
    public static PrivateKey privateKey(String pem) {
        if (pem.length() > MAX_PEM) {
            throw new PkiException("private key PEM is too long");
        }
        try (var parser = new PEMParser(new StringReader(pem))) {
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                if (found instanceof PrivateKeyInfo info) {
                    return key(info);
                }
                if (found instanceof PEMKeyPair pair) {
                    return key(pair.getPrivateKeyInfo());
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new PkiException(
                    "private key PEM cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        throw new PkiException("no private key in the PEM");
    }

    /** Do the two belong together? Tried by a signature. */
    public static boolean match(PrivateKey key, java.security.PublicKey other) {
        byte[] text = {'p', 'o', 's', 't', 'e', 'r', 'n'};
        try {
            Signature signature = Signature.getInstance(signatureAlgorithm(key));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException | PkiException e) {
            return false;
        }
    }

    /** JOSE algorithm that signs with this key: RS256, ES256, ES384 or ES512. */
    public static String jwsAlgorithm(java.security.Key key) {
        if (key instanceof RSAKey) {
            return "RS256";
        }
        if (key instanceof ECKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            return bits <= 256 ? "ES256" : bits <= 384 ? "ES384" : "ES512";
        }
        throw new PkiException("no JWS algorithm for a key of type " + key.getAlgorithm());
    }

    /** JCA name of the signature that certificates and CSRs of this key carry. */
    static String signatureAlgorithm(java.security.Key key) {
        return switch (jwsAlgorithm(key)) {
            case "RS256" -> "SHA256withRSA";
            case "ES256" -> "SHA256withECDSA";
            case "ES384" -> "SHA384withECDSA";
            default -> "SHA512withECDSA";
        };
    }

    /** Base64 DER of the public key (SubjectPublicKeyInfo), one line. */
    public static String publicKeyBase64(java.security.PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    private static PrivateKey key(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
        boolean rsa = info.getPrivateKeyAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption);
        return KeyFactory.getInstance(rsa ? "RSA" : "EC").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    private static KeyPair ec(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no EC keys on " + curve, e);
        }
    }
}
