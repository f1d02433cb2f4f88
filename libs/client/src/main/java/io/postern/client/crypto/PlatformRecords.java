package io.postern.client.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Records by the platform's own ChaCha20-Poly1305 (RFC 8439), for which some JVMs have vector instructions. A record is what
 * that cipher makes of a message of the block with the tag byte and the plain text, without additional data: both number the
 * key stream alike, and both authenticate cipher text, padding and lengths. The paddings agree where the length modulo 16 is
 * 0, or 8, as the stream pads by as much as there is over and RFC 8439 by as much as is missing.
 *
 * <p>Whether it is the faster way is a {@link Contest}'s to say. One thread at a time.
 */
final class PlatformRecords {
    /** Bytes of the block that the tag byte begins. */
    static final int BLOCK = 64;

    private static final int MAC = 16;
    /** Shorter records take longer to begin than to make. */
    private static final int SHORTEST = 4096;

    private @Nullable Cipher cipher;

    /** May a record be made this way, and may it pay? */
    static boolean suits(int length) {
        return length >= SHORTEST && length % 8 == 0;
    }

    /** @param block the tag byte and zeros; encrypted afterwards @param out gets cipher text and authenticator */
    void seal(
            SecretKeySpec key,
            byte[] nonce,
            byte[] block,
            byte[] in,
            int offset,
            int length,
            byte[] out,
            int outOffset) {
        try {
            Cipher with = begin(Cipher.ENCRYPT_MODE, key, nonce);
            with.update(block, 0, BLOCK, block, 0);
            with.update(in, offset, length, out, outOffset);
            with.doFinal(out, outOffset + length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ChaCha20-Poly1305 refused its input", e);
        }
    }

    /**
     * Opens in place.
     *
     * @param offset where the encrypted block begins, behind which cipher text and authenticator follow
     * @param length of the plain text
     * @return false when it does not authenticate
     */
    boolean open(SecretKeySpec key, byte[] nonce, byte[] bytes, int offset, int length) {
        try {
            begin(Cipher.DECRYPT_MODE, key, nonce).doFinal(bytes, offset, BLOCK + length + MAC, bytes, offset);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ChaCha20-Poly1305 refused its input", e);
        }
    }

    private Cipher begin(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        Cipher mine = cipher;
        if (mine == null) {
            mine = Cipher.getInstance("ChaCha20-Poly1305");
            cipher = mine;
        }
        mine.init(mode, key, new IvParameterSpec(nonce));
        return mine;
    }
}
