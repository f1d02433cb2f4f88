package io.postern.client.crypto;

import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * One end's key pair of a connection, and the keys that both ends derive from two pairs: X25519, then BLAKE2b-512 over
 * the shared secret and both public keys. The dialer takes the client's part, the host the server's.
 * Source: SDK sheet 5.9.
 */
public final class KeyExchange {
    /** Bytes of a public key on the wire. */
    public static final int PUBLIC_KEY = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;
    private final byte[] publicKey = new byte[PUBLIC_KEY];

    private KeyExchange(byte[] secret) {
        this.secret = secret;
        X25519.scalarMultBase(secret, 0, publicKey, 0);
    }

    /** A fresh pair. */
    public static KeyExchange create() {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return new KeyExchange(secret);
    }

    /** The pair that stock clients derive from the same seed; for tests. */
    static KeyExchange ofSeed(byte[] seed) {
        byte[] secret = new byte[32];
        Blake2bDigest digest = new Blake2bDigest(256);
        digest.update(seed, 0, seed.length);
        digest.doFinal(secret, 0);
        return new KeyExchange(secret);
    }

    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Keys of the dialer's end. */
    public Keys client(byte[] hostKey) {
        byte[] hash = hash(hostKey, publicKey, hostKey);
        return new Keys(half(hash, 0), half(hash, 32));
    }

    /** Keys of the host's end. */
    public Keys server(byte[] dialerKey) {
        byte[] hash = hash(dialerKey, dialerKey, publicKey);
        return new Keys(half(hash, 32), half(hash, 0));
    }

    /** A header for {@link SecretStream.Push}. */
    public static byte[] freshHeader() {
        byte[] header = new byte[SecretStream.HEADER];
        RANDOM.nextBytes(header);
        return header;
    }

    private byte[] hash(byte[] peer, byte[] clientKey, byte[] serverKey) {
        if (peer.length != PUBLIC_KEY) {
            throw new IllegalArgumentException(
                    "the peer's public key has " + peer.length + " bytes, not " + PUBLIC_KEY);
        }
        byte[] shared = new byte[32];
        if (!X25519.calculateAgreement(secret, 0, peer, 0, shared, 0)) {
            throw new IllegalArgumentException("the peer's public key is a weak one");
        }
        Blake2bDigest digest = new Blake2bDigest(512);
        digest.update(shared, 0, shared.length);
        digest.update(clientKey, 0, clientKey.length);
        digest.update(serverKey, 0, serverKey.length);
        byte[] hash = new byte[64];
        digest.doFinal(hash, 0);
        return hash;
    }

    private static byte[] half(byte[] hash, int from) {
        byte[] key = new byte[32];
        System.arraycopy(hash, from, key, 0, 32);
        return key;
    }

    /**
     * The two keys of one end.
     *
     * @param receive opens what the peer sends
     * @param transmit seals what this end sends
     */
    public record Keys(byte[] receive, byte[] transmit) {
        public SecretStream.Push push() {
            return new SecretStream.Push(transmit, freshHeader());
        }

        public SecretStream.Pull pull(byte[] header) {
            return new SecretStream.Pull(receive, header);
        }

        @Override
        public String toString() {
            return "Keys[***]";
        }
    }
}
