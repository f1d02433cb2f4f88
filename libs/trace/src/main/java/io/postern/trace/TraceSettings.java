package io.postern.trace;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go and which are kept, by OpenTelemetry's own variables ({@code OTEL_EXPORTER_OTLP_ENDPOINT} and the like), or
 * system properties of the same names in lower case with dots. No endpoint: no traces.
 *
 * @param traces whole address of the collector for traces
 * @param headers sent with every batch; may hold a secret, so never shown
 * @param resource who we are
 * @param ratio of the traces that are kept
 */
record TraceSettings(
        URI traces, Map<String, String> headers, Map<String, String> resource, double ratio, Duration timeout) {
    private static final String PATH = "/v1/traces";

    /** @param lookup a setting's value by its variable's name, or null */
    static Optional<TraceSettings> read(String service, Function<String, @Nullable String> lookup) {
        String sdk = lookup.apply("OTEL_SDK_DISABLED");
        String exporter = lookup.apply("OTEL_TRACES_EXPORTER");
        if ("true".equalsIgnoreCase(sdk) || exporter != null && !exporter.isBlank() && !exporter.contains("otlp")) {
            return Optional.empty();
        }
        return endpoint(lookup).map(address -> {
            Map<String, String> resource = pairs(lookup.apply("OTEL_RESOURCE_ATTRIBUTES"));
            resource.putIfAbsent("service.name", service);
            String name = lookup.apply("OTEL_SERVICE_NAME");
            if (name != null && !name.isBlank()) {
                resource.put("service.name", name);
            }
            Map<String, String> headers = pairs(lookup.apply("OTEL_EXPORTER_OTLP_HEADERS"));
            headers.putAll(pairs(lookup.apply("OTEL_EXPORTER_OTLP_TRACES_HEADERS")));
            return new TraceSettings(address, headers, resource, ratio(lookup), timeout(lookup));
        });
    }

    private static Optional<URI> endpoint(Function<String, @Nullable String> lookup) {
        String whole = lookup.apply("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        String base = lookup.apply("OTEL_EXPORTER_OTLP_ENDPOINT");
        String address = whole != null && !whole.isBlank() ? whole : base;
        if (address == null || address.isBlank()) {
            return Optional.empty();
        }
        boolean isWhole = address.equals(whole);
        return Optional.of(
                URI.create(isWhole ? address.strip() : address.strip().replaceFirst("/+$", "") + PATH));
    }

    private static double ratio(Function<String, @Nullable String> lookup) {
        String sampler = lookup.apply("OTEL_TRACES_SAMPLER");
        if (sampler == null || !sampler.toLowerCase(Locale.ROOT).contains("traceidratio")) {
            return "always_off".equals(sampler) || "parentbased_always_off".equals(sampler) ? 0 : 1;
        }
        String ratio = lookup.apply("OTEL_TRACES_SAMPLER_ARG");
        return ratio == null || ratio.isBlank() ? 1 : Double.parseDouble(ratio);
    }

    private static Duration timeout(Function<String, @Nullable String> lookup) {
        String millis = lookup.apply("OTEL_EXPORTER_OTLP_TIMEOUT");
        return Duration.ofMillis(millis == null || millis.isBlank() ? 10_000 : Long.parseLong(millis.strip()));
    }

    /** {@code a=b,c=d}. */
    private static Map<String, String> pairs(@Nullable String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text == null ? new String[0] : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return pairs;
    }

    @Override
    public String toString() {
        return "TraceSettings[traces=" + traces + ", ratio=" + ratio + "]";
    }
}
