package io.postern.wire;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A capability mask: an unsigned integer, big-endian unlike all else, as few bytes as it takes; bit n is capability n.
 * A negative capability -k stands for bit 64-k. An absent mask is an empty one. Source: fabric sheet 0.1 and 1.1.
 */
public final class Capabilities {
    /** Bits a router says in the control hello and to clients. */
    public static final int ROUTER_MULTI_CHANNEL = 1;

    public static final int ROUTER_CONNECT_V2 = 2;
    public static final int ROUTER_SERVICE_SUBSCRIPTIONS = 4;
    public static final int ROUTER_POSTURE_CHECKS = 5;
    public static final int ROUTER_BIND_SUCCESS = 6;
    public static final int ROUTER_DATA_MODEL = -2;

    /** Bits a controller says in the answer to the control hello. */
    public static final int CONTROLLER_CREATE_TERMINATOR_V2 = 1;

    public static final int CONTROLLER_SINGLE_ROUTER_LINK_SOURCE = 2;
    public static final int CONTROLLER_CREATE_CIRCUIT_V2 = 3;
    public static final int CONTROLLER_ROUTER_DATA_MODEL = 4;
    public static final int CONTROLLER_GROUPED_CHANNEL = 5;
    public static final int CONTROLLER_JWT_LEGACY_SESSIONS = 6;

    private static final int WIDTH = 64;
    private static final int MOST_BYTES = 64;

    private final BigInteger mask;

    private Capabilities(BigInteger mask) {
        this.mask = mask;
    }

    public static Capabilities of(int... capabilities) {
        BigInteger mask = BigInteger.ZERO;
        for (int capability : capabilities) {
            mask = mask.setBit(bit(capability));
        }
        return new Capabilities(mask);
    }

    /** A mask too long to be one is read as empty. */
    public static Capabilities read(byte @Nullable [] value) {
        return new Capabilities(
                value == null || value.length > MOST_BYTES ? BigInteger.ZERO : new BigInteger(1, value));
    }

    public boolean has(int capability) {
        return mask.testBit(bit(capability));
    }

    /** The header value; an empty mask is no bytes. */
    public byte[] bytes() {
        byte[] signed = mask.toByteArray();
        int from = signed[0] == 0 ? 1 : 0;
        byte[] value = new byte[signed.length - from];
        System.arraycopy(signed, from, value, 0, value.length);
        return value;
    }

    private static int bit(int capability) {
        return capability < 0 ? WIDTH + capability : capability;
    }

    @Override
    public String toString() {
        return "0x" + mask.toString(16);
    }
}
