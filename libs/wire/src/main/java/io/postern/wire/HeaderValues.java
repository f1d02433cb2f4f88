package io.postern.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header values that are lists or maps. All counts and lengths are u32 little-endian; at most 128 entries of at most
 * 8,192 bytes each. An absent or empty value is an empty collection. Source: SDK sheet 4.3.
 */
public final class HeaderValues {
    private static final int MOST_ENTRIES = 128;
    private static final int MOST_BYTES = 8192;

    private HeaderValues() {}

    public static List<String> strings(byte @Nullable [] value) {
        List<String> all = new ArrayList<>();
        ByteBuffer in = reader(value);
        for (int left = count(in); left > 0; left--) {
            all.add(new String(element(in), StandardCharsets.UTF_8));
        }
        return all;
    }

    public static Map<Integer, byte[]> byteMap(byte @Nullable [] value) {
        Map<Integer, byte[]> all = new LinkedHashMap<>();
        ByteBuffer in = reader(value);
        for (int left = count(in); left > 0; left--) {
            all.put(number(in), element(in));
        }
        return all;
    }

    public static Map<String, String> stringMap(byte @Nullable [] value) {
        Map<String, String> all = new LinkedHashMap<>();
        ByteBuffer in = reader(value);
        for (int left = count(in); left > 0; left--) {
            all.put(new String(element(in), StandardCharsets.UTF_8), new String(element(in), StandardCharsets.UTF_8));
        }
        return all;
    }

    static byte[] encode(List<String> values) {
        if (values.isEmpty()) {
            return new byte[0];
        }
        List<byte[]> parts =
                values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
        ByteBuffer out = writer(4 + parts.stream().mapToInt(p -> 4 + p.length).sum());
        out.putInt(parts.size());
        parts.forEach(part -> out.putInt(part.length).put(part));
        return out.array();
    }

    static byte[] encodeBytes(Map<Integer, byte[]> values) {
        if (values.isEmpty()) {
            return new byte[0];
        }
        ByteBuffer out =
                writer(4 + values.values().stream().mapToInt(v -> 8 + v.length).sum());
        out.putInt(values.size());
        values.forEach((key, value) -> out.putInt(key).putInt(value.length).put(value));
        return out.array();
    }

    static byte[] encodeStrings(Map<String, String> values) {
        if (values.isEmpty()) {
            return new byte[0];
        }
        Map<byte[], byte[]> parts = new LinkedHashMap<>();
        values.forEach((key, value) ->
                parts.put(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
        ByteBuffer out = writer(4
                + parts.entrySet().stream()
                        .mapToInt(e -> 8 + e.getKey().length + e.getValue().length)
                        .sum());
        out.putInt(parts.size());
        parts.forEach((key, value) ->
                out.putInt(key.length).put(key).putInt(value.length).put(value));
        return out.array();
    }

    private static ByteBuffer writer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer reader(byte @Nullable [] value) {
        return ByteBuffer.wrap(value == null ? new byte[0] : value).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int count(ByteBuffer in) {
        int count = in.hasRemaining() ? number(in) : 0;
        if (count < 0 || count > MOST_ENTRIES) {
            throw new MalformedFrame(
                    "header value of " + Integer.toUnsignedString(count) + " entries exceeds " + MOST_ENTRIES);
        }
        return count;
    }

    private static int number(ByteBuffer in) {
        try {
            return in.getInt();
        } catch (BufferUnderflowException e) {
            throw new MalformedFrame("header value ends inside a number");
        }
    }

    private static byte[] element(ByteBuffer in) {
        int length = number(in);
        if (length < 0 || length > MOST_BYTES || length > in.remaining()) {
            throw new MalformedFrame("header value element of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] element = new byte[length];
        in.get(element);
        return element;
    }
}
