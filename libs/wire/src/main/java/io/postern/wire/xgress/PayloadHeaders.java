package io.postern.wire.xgress;

import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one payload, key (0-255) to bytes. They belong to the body and travel end to end unchanged: the UUID and
 * the flags of the Data message it was, the capabilities of the side that starts. Immutable; {@link #NONE} is shared.
 * Fabric sheet 5.1, SDK sheet 5.6.
 */
public final class PayloadHeaders {
    public static final int UUID = 0;
    public static final int CAPABILITIES = 1;
    public static final int FLAGS = 16;
    /** Flags bit: the sender of the Data message has ended. */
    public static final int FIN = 1;

    public static final PayloadHeaders NONE = new PayloadHeaders(Map.of());
    /** An empty body with this says to an SDK that the other side has ended. */
    public static final PayloadHeaders FINISHED = of(null, FIN);

    private static final int KEYS = 256;

    private final Map<Integer, byte[]> values;

    private PayloadHeaders(Map<Integer, byte[]> values) {
        this.values = values;
    }

    /** Of a Data message: its UUID, if it had one, and its flags, 0 meaning none. */
    public static PayloadHeaders of(byte @Nullable [] uuid, int flags) {
        if (uuid == null && flags == 0) {
            return NONE;
        }
        Map<Integer, byte[]> values = new LinkedHashMap<>();
        if (uuid != null) {
            values.put(UUID, uuid);
        }
        if (flags != 0) {
            values.put(
                    FLAGS,
                    new byte[] {(byte) flags, (byte) (flags >>> 8), (byte) (flags >>> 16), (byte) (flags >>> 24)});
        }
        return new PayloadHeaders(values);
    }

    /** What a starting side announces; big-endian, alone among the integers. */
    public static PayloadHeaders capabilities(int mask) {
        return new PayloadHeaders(Map.of(
                CAPABILITIES,
                new byte[] {(byte) (mask >>> 24), (byte) (mask >>> 16), (byte) (mask >>> 8), (byte) mask}));
    }

    static PayloadHeaders read(Frame frame) {
        Map<Integer, byte[]> wire =
                frame.headersBetween(Header.XGRESS_PAYLOAD_HEADERS, Header.XGRESS_PAYLOAD_HEADERS + KEYS);
        if (wire.isEmpty()) {
            return NONE;
        }
        Map<Integer, byte[]> values = new LinkedHashMap<>();
        wire.forEach((id, value) -> values.put(id - Header.XGRESS_PAYLOAD_HEADERS, value));
        return new PayloadHeaders(values);
    }

    void write(FrameBuilder frame) {
        if (this != NONE) {
            values.forEach((key, value) -> frame.bytes(Header.XGRESS_PAYLOAD_HEADERS + key, value));
        }
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Flags of the Data message, as in header 1010, or 0. */
    public int flags() {
        byte[] value = values.get(FLAGS);
        if (value == null || value.length > 4) {
            return 0;
        }
        int flags = 0;
        for (int i = value.length - 1; i >= 0; i--) {
            flags = flags << 8 | value[i] & 0xFF;
        }
        return flags;
    }

    public boolean fin() {
        return (flags() & FIN) != 0;
    }

    /** UUID of the Data message, as in header 128, or null. */
    public byte @Nullable [] uuid() {
        return values.get(UUID);
    }

    /** The announced capabilities, or -1 when the payload announces none. */
    public int capabilities() {
        byte[] value = values.get(CAPABILITIES);
        if (value == null || value.length != 4) {
            return -1;
        }
        return value[0] << 24 | (value[1] & 0xFF) << 16 | (value[2] & 0xFF) << 8 | value[3] & 0xFF;
    }

    public byte @Nullable [] get(int key) {
        return values.get(key);
    }

    @Override
    public String toString() {
        return "payload headers " + values.keySet();
    }
}
