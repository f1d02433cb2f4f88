package io.postern.trace;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The traces of this process: off, and free, unless OpenTelemetry's variables name a collector. Safe for all threads; giving a
 * span never waits.
 */
public final class Traces implements AutoCloseable {
    private static volatile @Nullable Traces process;

    private final @Nullable OtlpExporter exporter;
    private final double ratio;

    private Traces(Optional<TraceSettings> settings) {
        this.exporter =
                settings.filter(each -> each.ratio() > 0).map(OtlpExporter::new).orElse(null);
        this.ratio = settings.map(TraceSettings::ratio).orElse(0.0);
    }

    /**
     * Those of the whole process, by its environment. What waits when the process ends is sent then.
     *
     * @param service name of the program, unless the environment gives another; the first caller's holds
     */
    public static Traces of(String service) {
        Traces known = process;
        return known != null ? known : first(service);
    }

    private static synchronized Traces first(String service) {
        Traces known = process;
        if (known == null) {
            known = of(service, Traces::setting);
            process = known;
            if (known.areOn()) {
                Runtime.getRuntime().addShutdownHook(new Thread(known::close, "traces-last"));
            }
        }
        return known;
    }

    /** @param lookup a setting by its variable's name, or null */
    static Traces of(String service, Function<String, @Nullable String> lookup) {
        return new Traces(TraceSettings.read(service, lookup));
    }

    private static @Nullable String setting(String variable) {
        String property = System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.'));
        return property != null ? property : System.getenv(variable);
    }

    /** Whether anybody reads them: without, there is nothing to collect. */
    public boolean areOn() {
        return exporter != null;
    }

    /**
     * Gives a stage that is over; readings are of {@link System#nanoTime}.
     *
     * @param error why it failed, or null
     */
    public void span(
            String circuitId,
            Span.Stage stage,
            Span.@Nullable Stage parent,
            long beganNanos,
            long endedNanos,
            Map<String, String> attributes,
            @Nullable String error) {
        OtlpExporter to = exporter;
        if (to != null && !circuitId.isEmpty() && SpanIds.sampled(circuitId, ratio)) {
            to.give(new Span(circuitId, stage, parent, beganNanos, endedNanos, attributes, error));
        }
    }

    @Override
    public void close() {
        OtlpExporter to = exporter;
        if (to != null) {
            to.close();
        }
    }
}
