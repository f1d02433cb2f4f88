package io.postern.client.crypto;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction of an encrypted connection: XChaCha20-Poly1305 secretstream as stock clients speak it. The sender's
 * random header of {@value #HEADER} bytes comes first, then records, each {@value #OVERHEAD} bytes longer than its
 * plain text. Records only open in the order in which they were made; losing or changing one ends the stream.
 *
 * <p>After a record tagged {@link #REKEY} both ends take new keys, as libsodium has it. The stock Go client ignores that
 * tag; nobody sends it.
 *
 * <p>The platform's ChaCha20 (vector instructions) makes the key stream, {@link Poly1305} the tag; long records that
 * {@link PlatformRecords} can make are made there where that is faster. Not thread safe: one thread at a time. Source: SDK
 * sheet 5.9.
 */
public abstract sealed class SecretStream permits SecretStream.Push, SecretStream.Pull {
    /** Bytes of the header that a sender sends first, in clear. */
    public static final int HEADER = 24;

    /** What a record is longer than its plain text. */
    public static final int OVERHEAD = 17;

    /** Bytes before a record that {@link Pull#open(byte[], int, int)} uses for itself. */
    public static final int BEFORE = 63;

    /** Tag of an ordinary record. */
    public static final byte MESSAGE = 0;
    /** Tag of the end of a group of records; means nothing here. */
    public static final byte PUSH = 1;
    /** Tag after which both sides change the key. */
    public static final byte REKEY = 2;
    /** Tag of the last record of a stream; whether more may come is the caller's to judge. */
    public static final byte FINAL = 3;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = PlatformRecords.BLOCK;
    static final int MAC = 16;

    private final Cipher cipher;
    private final Poly1305 authenticator = new Poly1305();
    final PlatformRecords platform = new PlatformRecords();
    Contest contest = Contest.OF_PROCESS;
    /** Counter of 4 bytes, little-endian, then 8 bytes that every record's tag is mixed into. */
    final byte[] nonce = new byte[12];

    /** Key stream blocks 0 (authenticator's key) and 1 (tag byte), and room for the last blocks of the authenticator. */
    final byte[] prelude = new byte[2 * BLOCK];

    private final byte[] tail = new byte[3 * MAC];
    final byte[] mac = new byte[MAC];
    SecretKeySpec key;

    /** Off only to compare with the Go client's vectors. */
    boolean rekeys = true;

    private SecretStream(byte[] key, byte[] header) {
        if (key.length != 32 || header.length != HEADER) {
            throw new IllegalArgumentException("a stream needs a key of 32 and a header of 24 bytes");
        }
        this.key = new SecretKeySpec(HChaCha20.derive(key, header), "ChaCha20");
        nonce[0] = 1;
        System.arraycopy(header, 16, nonce, 4, 8);
        try {
            cipher = Cipher.getInstance("ChaCha20");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no ChaCha20", e);
        }
    }

    /** The sending end. */
    public static final class Push extends SecretStream {
        private final byte[] header;

        /** A stream under {@code key}; {@code header} is {@value #HEADER} fresh random bytes. */
        public Push(byte[] key, byte[] header) {
            super(key, header);
            this.header = header.clone();
        }

        /** What the other end needs first. */
        public byte[] header() {
            return header.clone();
        }

        /**
         * Seals one record. {@code out} may be {@code in} when {@code outOffset} is {@code offset - 1} or less.
         *
         * @return bytes written, always {@code length + }{@value #OVERHEAD}
         */
        public int seal(byte tag, byte[] in, int offset, int length, byte[] out, int outOffset) {
            boolean byPlatform = contest.choosesPlatform(length);
            long begun = contest.begin();
            if (byPlatform) {
                Arrays.fill(prelude, (byte) 0);
                prelude[0] = tag;
                platform.seal(key, nonce, prelude, in, offset, length, out, outOffset + 1);
                out[outOffset] = prelude[0];
                System.arraycopy(out, outOffset + 1 + length, mac, 0, MAC);
            } else {
                begin(tag);
                apply(in, offset, length, out, outOffset + 1);
                authenticate(out, outOffset + 1, length);
                out[outOffset] = prelude[BLOCK];
                System.arraycopy(mac, 0, out, outOffset + 1 + length, MAC);
            }
            contest.took(byPlatform, length, begun);
            end(tag);
            return length + OVERHEAD;
        }

        public byte[] seal(byte[] plain) {
            byte[] record = new byte[plain.length + OVERHEAD];
            seal(MESSAGE, plain, 0, plain.length, record, 0);
            return record;
        }
    }

    /** The receiving end. */
    public static final class Pull extends SecretStream {
        private byte tag;

        /** @throws IllegalArgumentException when the peer's header has the wrong length */
        public Pull(byte[] key, byte[] header) {
            super(key, header);
        }

        /** The tag of the record opened last. */
        public byte tag() {
            return tag;
        }

        /**
         * Opens one record where it stands: its plain text then begins at {@code offset + 1}. The {@value #BEFORE} bytes before
         * the record are lost.
         *
         * @return bytes of plain text
         * @throws BrokenStream when the record is not the next one of this stream
         */
        public int open(byte[] in, int offset, int length) throws BrokenStream {
            int plain = length - OVERHEAD;
            if (plain < 0) {
                throw new BrokenStream("record of " + length + " bytes is shorter than " + OVERHEAD);
            }
            boolean byPlatform = contest.choosesPlatform(plain);
            long begun = contest.begin();
            begin((byte) 0);
            tag = (byte) (prelude[BLOCK] ^ in[offset]);
            prelude[BLOCK] = in[offset];
            if (!(byPlatform ? openByPlatform(in, offset, plain) : openByOurs(in, offset, plain))) {
                throw new BrokenStream(
                        "record does not authenticate: it was changed, lost its order, or the keys differ");
            }
            contest.took(byPlatform, plain, begun);
            end(tag);
            return plain;
        }

        private boolean openByPlatform(byte[] in, int offset, int plain) {
            System.arraycopy(in, offset + 1 + plain, mac, 0, MAC);
            System.arraycopy(prelude, BLOCK, in, offset - BEFORE, BLOCK);
            return platform.open(key, nonce, in, offset - BEFORE, plain);
        }

        private boolean openByOurs(byte[] in, int offset, int plain) {
            authenticate(in, offset + 1, plain);
            int difference = 0;
            for (int i = 0; i < MAC; i++) {
                difference |= mac[i] ^ in[offset + 1 + plain + i];
            }
            if (difference == 0) {
                apply(in, offset + 1, plain, in, offset + 1);
            }
            return difference == 0;
        }

        /** Opens the record that is left in a buffer, which stays its owner's. @return the plain text, for the caller to release */
        public ByteBuf open(ByteBuf record, ByteBufAllocator allocator) throws BrokenStream {
            int length = record.readableBytes();
            ByteBuf plain = allocator.heapBuffer(BEFORE + length);
            try {
                plain.setIndex(BEFORE, BEFORE).writeBytes(record, length);
                int opened = open(plain.array(), plain.arrayOffset() + BEFORE, length);
                return plain.setIndex(BEFORE + 1, BEFORE + 1 + opened);
            } catch (BrokenStream e) {
                plain.release();
                throw e;
            }
        }

        public byte[] open(byte[] record) throws BrokenStream {
            byte[] bytes = new byte[BEFORE + record.length];
            System.arraycopy(record, 0, bytes, BEFORE, record.length);
            int plain = open(bytes, BEFORE, record.length);
            return Arrays.copyOfRange(bytes, BEFORE + 1, BEFORE + 1 + plain);
        }
    }

    /** Positions the key stream at this record; the prelude then holds its first two blocks. */
    final void begin(byte tag) {
        Arrays.fill(prelude, (byte) 0);
        prelude[BLOCK] = tag;
        startCipher();
        apply(prelude, 0, prelude.length, prelude, 0);
    }

    private void startCipher() {
        try {
            // Decrypting and encrypting are the same operation; this mode lets the provider keep no nonce history.
            cipher.init(Cipher.DECRYPT_MODE, key, new ChaCha20ParameterSpec(nonce, 0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ChaCha20 refused its parameters", e);
        }
    }

    final void apply(byte[] in, int offset, int length, byte[] out, int outOffset) {
        if (length == 0) {
            return;
        }
        try {
            cipher.update(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ChaCha20 refused its input", e);
        }
    }

    /** Fills {@link #mac}: tag block, cipher text, padding, lengths. Padding is length mod 16 zeros, as stock has it. */
    final void authenticate(byte[] in, int offset, int length) {
        authenticator.start(prelude);
        authenticator.blocks(prelude, BLOCK, BLOCK);
        int whole = length & -MAC;
        authenticator.blocks(in, offset, whole);
        int rest = length - whole;
        Arrays.fill(tail, (byte) 0);
        System.arraycopy(in, offset + whole, tail, 0, rest);
        int lengths = rest + rest;
        LONG.set(tail, lengths + 8, (long) BLOCK + length);
        finish(lengths + MAC);
    }

    /** The tail ends with the lengths and may itself end in a short block, which is padded by a one bit. */
    private void finish(int length) {
        int whole = length & -MAC;
        authenticator.blocks(tail, 0, whole);
        if (length > whole) {
            authenticator.last(tail, whole, length - whole);
        }
        authenticator.finish(mac, 0);
    }

    final void end(byte tag) {
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] ^= mac[i];
        }
        boolean wrapped = true;
        for (int i = 0; i < 4 && wrapped; i++) {
            wrapped = ++nonce[i] == 0;
        }
        if (rekeys && ((tag & REKEY) != 0 || wrapped)) {
            rekey();
        }
    }

    private void rekey() {
        byte[] next = new byte[40];
        System.arraycopy(key.getEncoded(), 0, next, 0, 32);
        System.arraycopy(nonce, 4, next, 32, 8);
        startCipher();
        apply(next, 0, next.length, next, 0);
        key = new SecretKeySpec(next, 0, 32, "ChaCha20");
        System.arraycopy(next, 32, nonce, 4, 8);
        Arrays.fill(nonce, 0, 4, (byte) 0);
        nonce[0] = 1;
    }
}
