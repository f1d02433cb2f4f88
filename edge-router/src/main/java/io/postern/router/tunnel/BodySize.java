package io.postern.router.tunnel;

import java.util.Map;

/**
 * How large a body may be. The JVM SDK loses what a body has beyond 32 KiB, so that is the most for peers that say
 * nothing; tunnelers like this one tell each other, by a peer data key of our own range, that they take more.
 */
final class BodySize {
    /** Peer data key, 4 bytes little-endian: largest body this end takes. Fabric sheet 11.4. */
    static final int KEY = 3000;

    static final int ANY_PEER = 32 * 1024;
    static final int OURS = 64 * 1024;

    private BodySize() {}

    static byte[] announce() {
        return new byte[] {(byte) OURS, (byte) (OURS >>> 8), (byte) (OURS >>> 16), 0};
    }

    /** For bodies to a peer with this data. */
    static int towards(Map<Integer, byte[]> peerData) {
        byte[] value = peerData.get(KEY);
        if (value == null || value.length != 4) {
            return ANY_PEER;
        }
        int most = value[0] & 0xFF | (value[1] & 0xFF) << 8 | (value[2] & 0xFF) << 16 | (value[3] & 0x7F) << 24;
        return Math.clamp(most, ANY_PEER, OURS);
    }
}
