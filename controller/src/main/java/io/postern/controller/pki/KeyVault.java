package io.postern.controller.pki;

import io.postern.pki.Keys;
import io.postern.pki.PkiException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals private keys with a secret from a file of mode 0600, so that a copy of the database alone gives no key. Replicas
 * share the file. Sealed form: 12 bytes nonce, then AES-256-GCM over the PKCS#8 PEM, bound to the key's kid.
 */
final class KeyVault {
    private static final int NONCE = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey secret;

    private KeyVault(byte[] secret) {
        this.secret = new SecretKeySpec(secret, "AES");
    }

    /** Reads the file, and makes it when it is missing. */
    static KeyVault open(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] fresh = new byte[32];
            RANDOM.nextBytes(fresh);
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(
                    folder,
                    file.getFileName() + ".",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(draft, Base64.getEncoder().encodeToString(fresh));
                // the name appears with its content, or was there already
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                // another process was faster; its secret counts
            } finally {
                Files.deleteIfExists(draft);
            }
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no key");
        }
        if (secret.length != 32) {
            throw new IOException(file + " does not hold 32 bytes in base64");
        }
        return new KeyVault(secret);
    }

    byte[] seal(String kid, PrivateKey key) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, kid)
                    .doFinal(Keys.toPem(key).getBytes(StandardCharsets.US_ASCII));
            return ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new PkiException("private key cannot be sealed", e);
        }
    }

    /** @throws PkiException when the key was sealed with another secret, or was changed */
    PrivateKey unseal(String kid, byte[] sealed) {
        try {
            byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE);
            byte[] pem = cipher(Cipher.DECRYPT_MODE, nonce, kid).doFinal(sealed, NONCE, sealed.length - NONCE);
            return Keys.privateKey(new String(pem, StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PkiException("the key file does not open the private keys of this database");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String kid) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, secret, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(kid.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
