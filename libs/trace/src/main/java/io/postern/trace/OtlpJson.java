package io.postern.trace;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** OTLP/HTTP in its JSON encoding: one request for a list of spans. Pure. */
final class OtlpJson {
    private static final int ERROR = 2;

    private OtlpJson() {}

    /** @param wallNanos what turns a reading of {@link System#nanoTime} into nanoseconds since 1970 */
    static String request(Map<String, String> resource, List<Span> spans, long wallNanos) {
        StringJoiner all = new StringJoiner(",");
        spans.forEach(span -> all.add(span(span, wallNanos)));
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":" + attributes(resource)
                + "},\"scopeSpans\":[{\"scope\":{\"name\":\"io.postern\"},\"spans\":[" + all + "]}]}]}";
    }

    private static String span(Span span, long wallNanos) {
        StringBuilder json = new StringBuilder(512)
                .append("{\"traceId\":\"")
                .append(SpanIds.trace(span.circuitId()))
                .append("\",\"spanId\":\"")
                .append(SpanIds.span(span.circuitId(), span.stage()))
                .append('"');
        Span.Stage parent = span.parent();
        if (parent != null) {
            json.append(",\"parentSpanId\":\"")
                    .append(SpanIds.span(span.circuitId(), parent))
                    .append('"');
        }
        json.append(",\"name\":")
                .append(text(span.stage().name()))
                .append(",\"kind\":")
                .append(span.stage().kind().number())
                .append(",\"startTimeUnixNano\":\"")
                .append(span.beganNanos() + wallNanos)
                .append("\",\"endTimeUnixNano\":\"")
                .append(Math.max(span.beganNanos(), span.endedNanos()) + wallNanos)
                .append("\",\"attributes\":")
                .append(attributes(span.attributes()));
        if (span.error() != null) {
            json.append(",\"status\":{\"code\":")
                    .append(ERROR)
                    .append(",\"message\":")
                    .append(text(span.error()))
                    .append('}');
        }
        return json.append('}').toString();
    }

    private static String attributes(Map<String, String> attributes) {
        StringJoiner all = new StringJoiner(",", "[", "]");
        attributes.forEach(
                (key, value) -> all.add("{\"key\":" + text(key) + ",\"value\":{\"stringValue\":" + text(value) + "}}"));
        return all.toString();
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
