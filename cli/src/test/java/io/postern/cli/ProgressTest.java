package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aQuickAnswerShowsNothing() {
        Progress.on(terminal, "waiting").close();
        assertThat(text()).isEmpty();
    }

    @Test
    void aSlowOneShowsAndIsWipedAway() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (Progress progress = Progress.on(terminal, "waiting")) {
            while (!text().contains("waiting, ") && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
        }
        assertThat(text()).contains("postern: waiting, ").endsWith("\r\033[K");
    }
}
