package io.postern.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A refusal in a form programs read, header 1033: JSON with message, code, retryHint and, if known, cause. Only written
 * here, never read: clients do not send it. Source: SDK sheet 5.2, samples 03c.
 *
 * @param message for people; no secrets
 */
public record StructuredError(
        EdgeError code,
        String message,
        RetryHint hint,
        @Nullable String cause) {
    public static StructuredError of(EdgeError code, String message, RetryHint hint) {
        return new StructuredError(code, message, hint, null);
    }

    public byte[] json() {
        StringBuilder out = new StringBuilder(64 + message.length());
        out.append("{\"message\":");
        quote(out, message);
        out.append(",\"code\":").append(code.number()).append(",\"retryHint\":").append(hint.number());
        if (cause != null) {
            out.append(",\"cause\":");
            quote(out, cause);
        }
        return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
