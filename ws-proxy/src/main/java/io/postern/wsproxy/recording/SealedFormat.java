package io.postern.wsproxy.recording;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sealed recording: {@code PSTRNREC}, the key's name (8 bytes), a salt (32), then chunks, each its plain length (4, big endian)
 * and AES-256-GCM of it. The nonce counts the chunks, so none can be changed, moved or dropped but at the end, which the chain
 * of hashes inside shows.
 */
final class SealedFormat {
    static final int NAME = 8;
    /** Plain bytes of a chunk at most. */
    static final int CHUNK = 64 * 1024;

    private static final byte[] MAGIC = "PSTRNREC".getBytes(StandardCharsets.US_ASCII);
    private static final int SALT = 32;
    private static final int TAG = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedFormat() {}

    /** One file's cipher, which counts its chunks. */
    private static final class Chunks {
        private final Cipher cipher;
        private final SecretKeySpec key;
        private long next;

        Chunks(SecretKeySpec key) {
            this.key = key;
            try {
                cipher = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK has no AES-GCM", e);
            }
        }

        Cipher next(int mode) throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(next++).array();
            cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
            return cipher;
        }
    }

    /** Seals chunk after chunk. */
    static final class Sealer {
        private final byte[] begin;
        private final Chunks chunks;

        Sealer(RecordingKeys.Key key, RecordingId id) {
            byte[] salt = new byte[SALT];
            RANDOM.nextBytes(salt);
            begin = ByteBuffer.allocate(MAGIC.length + NAME + SALT)
                    .put(MAGIC)
                    .put(key.name())
                    .put(salt)
                    .array();
            chunks = new Chunks(key.of(id, salt));
        }

        /** What the file begins with. */
        byte[] begin() {
            return begin.clone();
        }

        /** One chunk as the file has it. */
        ByteBuffer seal(byte[] plain, int offset, int length) {
            try {
                byte[] sealed = new byte[4 + length + TAG];
                chunks.next(Cipher.ENCRYPT_MODE).doFinal(plain, offset, length, sealed, 4);
                return ByteBuffer.wrap(sealed).putInt(0, length);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-GCM refused its input", e);
            }
        }
    }

    /**
     * What was sealed. A chunk that is cut ends it, as a file that is still written may have one.
     *
     * @throws IOException when no key here opens it; likewise its reads when a chunk was changed
     */
    static InputStream open(InputStream file, RecordingKeys keys, RecordingId id) throws IOException {
        DataInputStream in = new DataInputStream(file);
        byte[] magic = in.readNBytes(MAGIC.length);
        byte[] name = in.readNBytes(NAME);
        byte[] salt = in.readNBytes(SALT);
        if (!Arrays.equals(magic, MAGIC) || salt.length < SALT) {
            throw new IOException("recording " + id + " does not begin as a sealed one");
        }
        RecordingKeys.Key key = keys.named(name)
                .orElseThrow(() -> new IOException("recording " + id + " is sealed under a key that is not here"));
        return new Opened(in, new Chunks(key.of(id, salt)), id);
    }

    private static final class Opened extends InputStream {
        private final DataInputStream in;
        private final Chunks chunks;
        private final RecordingId id;
        private byte[] plain = new byte[0];
        private int at;
        private boolean over;

        Opened(DataInputStream in, Chunks chunks, RecordingId id) {
            this.in = in;
            this.chunks = chunks;
            this.id = id;
        }

        @Override
        public int read() throws IOException {
            return more() ? plain[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int some = Math.min(length, plain.length - at);
            System.arraycopy(plain, at, into, offset, some);
            at += some;
            return some;
        }

        private boolean more() throws IOException {
            while (at == plain.length && !over) {
                next();
            }
            return at < plain.length;
        }

        private void next() throws IOException {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException e) {
                over = true;
                return;
            }
            if (length <= 0 || length > CHUNK) {
                throw changed(null);
            }
            byte[] sealed = in.readNBytes(length + TAG);
            if (sealed.length < length + TAG) {
                over = true;
                return;
            }
            try {
                plain = chunks.next(Cipher.DECRYPT_MODE).doFinal(sealed);
                at = 0;
            } catch (GeneralSecurityException e) {
                throw changed(e);
            }
        }

        private IOException changed(@org.jspecify.annotations.Nullable Throwable cause) {
            over = true;
            return new IOException("recording " + id + " was changed since it was sealed", cause);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
