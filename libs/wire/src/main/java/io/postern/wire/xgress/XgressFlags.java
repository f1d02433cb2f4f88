package io.postern.wire.xgress;

/** Bits of header 2258. Fabric sheet 5.1. */
public final class XgressFlags {
    private XgressFlags() {}

    /** The sender has ended and will say nothing more. */
    public static final int CIRCUIT_END = 1;
    /** Set: sent by the terminating side. */
    public static final int ORIGINATOR = 2;
    /** First payload of the initiating side. */
    public static final int CIRCUIT_START = 4;

    public static final int CHUNK = 8;
    public static final int RETRANSMIT = 16;
    /** The sender's input has ended; only to a peer that announced {@link #CAPABILITY_EOF}. */
    public static final int EOF = 32;
    /** The sender cannot write any more of what it is sent. */
    public static final int WRITE_FAILED = 64;

    /** Bit of the capabilities header: the sender understands {@link #EOF}. */
    public static final int CAPABILITY_EOF = 0x100;
}
