package io.postern.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> keys = new LinkedBlockingQueue<>();
    private final HttpServer collector = collector();
    private final Map<String, String> settings = new HashMap<>(Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:" + collector.getAddress().getPort() + "/"));

    private HttpServer collector() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/traces", exchange -> {
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Key")));
                received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void offWithoutACollector() {
        for (Map<String, String> off : java.util.List.of(
                Map.<String, String>of(),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1", "OTEL_SDK_DISABLED", "true"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1", "OTEL_TRACES_EXPORTER", "none"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1", "OTEL_TRACES_SAMPLER", "always_off"))) {
            try (Traces traces = Traces.of("test", off::get)) {
                assertThat(traces.areOn()).as("%s", off).isFalse();
            }
        }
    }

    @Test
    void sendsSpansOfOneCircuitAsOneTrace() throws InterruptedException {
        settings.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test");
        settings.put("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret");
        try (Traces traces = Traces.of("postern-test", settings::get)) {
            traces.span("c1", Span.Stage.DIAL, null, 1_000, 5_000, Map.of("service", "a \"b\"\n"), null);
            traces.span("c1", Span.Stage.REQUEST, Span.Stage.DIAL, 2_000, 4_000, Map.of(), "no path");
        }

        JsonNode first = spans(1).get(0);
        JsonNode second = all.get(1);
        assertThat(first.get("traceId").asText())
                .hasSize(32)
                .isEqualTo(second.get("traceId").asText());
        assertThat(first.has("parentSpanId")).isFalse();
        assertThat(second.get("parentSpanId")).isEqualTo(first.get("spanId"));
        assertThat(second.at("/status/message").asText()).isEqualTo("no path");
        assertThat(second.at("/status/code").asInt()).isEqualTo(2);
        assertThat(first.at("/attributes/0/value/stringValue").asText()).isEqualTo("a \"b\"\n");
        assertThat(first.get("endTimeUnixNano").asLong()
                        - first.get("startTimeUnixNano").asLong())
                .isEqualTo(4_000);
        assertThat(resource).contains("postern-test").contains("deployment.environment");
        assertThat(keys.poll()).isEqualTo("secret");
    }

    private final java.util.List<JsonNode> all = new java.util.ArrayList<>();
    private String resource = "";

    private java.util.List<JsonNode> spans(int beyond) throws InterruptedException {
        while (all.size() <= beyond) {
            JsonNode request = received.poll(60, TimeUnit.SECONDS);
            assertThat(request).isNotNull();
            resource = request.at("/resourceSpans/0/resource").toString();
            request.at("/resourceSpans/0/scopeSpans/0/spans").forEach(all::add);
        }
        return all;
    }

    @Test
    void everyProcessKeepsTheSameTraces() {
        long kept = java.util.stream.IntStream.range(0, 10_000)
                .filter(each -> SpanIds.sampled("circuit" + each, 0.25))
                .count();

        assertThat(kept).isBetween(2_200L, 2_800L);
        assertThat(SpanIds.sampled("circuit", 1)).isTrue();
    }

    @Test
    void aCollectorThatIsGoneCostsNobodyAWait() {
        collector.stop(0);
        try (Traces traces = Traces.of("test", settings::get)) {
            for (int i = 0; i < 20_000; i++) {
                traces.span("c" + i, Span.Stage.DIAL, null, 0, 1, Map.of(), null);
            }
            assertThat(traces.areOn()).isTrue();
        }
    }

    @Test
    void showsNoSecret() {
        settings.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer abc");

        assertThat(TraceSettings.read("test", settings::get).orElseThrow().toString())
                .doesNotContain("abc");
    }
}
