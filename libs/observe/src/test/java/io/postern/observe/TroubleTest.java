package io.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TroubleTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Trouble trouble = new Trouble(clock::get);

    private void later(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void isToldOfOnceAMinute() {
        assertThat(trouble.isNews("refused")).isTrue();
        later(Duration.ofSeconds(59));
        assertThat(trouble.isNews("refused")).isFalse();
        later(Duration.ofSeconds(1));
        assertThat(trouble.isNews("refused")).isTrue();
        assertThat(trouble.isNews("refused")).isFalse();
    }

    @Test
    void anotherCauseIsNews() {
        assertThat(trouble.isNews("refused")).isTrue();
        assertThat(trouble.isNews("timed out")).isTrue();
        assertThat(trouble.isNews(null)).isTrue();
        assertThat(trouble.isNews(null)).isFalse();
    }

    @Test
    void whatBeginsAnewIsNews() {
        assertThat(trouble.isNews("refused")).isTrue();
        trouble.over();
        assertThat(trouble.isNews("refused")).isTrue();
    }
}
